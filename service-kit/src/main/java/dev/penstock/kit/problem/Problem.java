package dev.penstock.kit.problem;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One failure as an RFC 9457 problem.
 *
 * @param code becomes {@code type} as {@code /problems/{code}} and the member {@code code}
 * @param title the same for every occurrence of {@code code}; never an exception's text
 * @param detail one sentence for the caller
 * @param retryAfterMs also sent as {@code Retry-After} in whole seconds, 1 to 30; null for none
 * @param members further members, for example {@code errors} or {@code turn_id}
 */
public record Problem(
    int status,
    String code,
    String title,
    String detail,
    @Nullable Long retryAfterMs,
    Map<String, Object> members) {

  /** A problem without further members. */
  public static Problem of(int status, String code, String title, String detail) {
    return new Problem(status, code, title, detail, null, Map.of());
  }

  /** What a refusal by the HTTP layer itself means, of which only the status is known. */
  public static Problem ofStatus(int status) {
    return switch (status) {
      case 404 -> of(404, "not_found", "There is no such thing", "No route has this path.");
      case 405 ->
          of(
              405,
              "method_not_allowed",
              "This method is not allowed here",
              "Use one of the methods named in Allow.");
      case 406 ->
          of(
              406,
              "not_acceptable",
              "None of the accepted media types can be produced",
              "Accept application/json or text/event-stream.");
      case 413 ->
          of(
              413,
              "payload_too_large",
              "The body is too large",
              "The body is longer than is read here; send less.");
      case 414, 431 ->
          of(
              status,
              "invalid_request",
              "The request is not valid",
              "The request line or the headers are too long.");
      case 415 ->
          of(
              415,
              "unsupported_media_type",
              "The body must be application/json",
              "Send Content-Type: application/json.");
      default ->
          status >= 400 && status < 500
              ? of(400, "invalid_request", "The request is not valid", "It cannot be parsed.")
              : of(
                  500,
                  "internal",
                  "Something went wrong on our side",
                  "It is logged under the request id.");
    };
  }

  /** The document. */
  public JsonObject toJson(String requestId) {
    var json =
        new JsonObject()
            .put("type", "/problems/" + code)
            .put("title", title)
            .put("status", status)
            .put("detail", detail)
            .put("code", code)
            .put("request_id", requestId);
    if (retryAfterMs != null) {
      json.put("retry_after_ms", retryAfterMs);
    }
    members.forEach(json::put);
    return json;
  }

  /** {@code Retry-After} in whole seconds: at least 1, at most 30. */
  public long retryAfterSeconds() {
    return retryAfterMs == null ? 1 : Math.clamp((retryAfterMs + 999) / 1000, 1, 30);
  }
}
