package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.generation.Setback;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What Gemini's errors mean to us: {@code {"error":{"code":429,"message":"…","status":"…",
 * "details":[{"@type":"…RetryInfo","retryDelay":"2s"}]}}}, perhaps in a list of one (gemini-api.md
 * section 7).
 */
final class GeminiErrors {
  private static final long MOST_WAIT_MS = 30_000;
  private static final Pattern STRAY = Pattern.compile("(?m)^[,\\s]*\\[?\\s*(\\{\\s*\"error\")");
  private static final Pattern SECONDS = Pattern.compile("(\\d{1,6})(?:\\.\\d+)?s");

  private GeminiErrors() {}

  /** The meaning of an answer other than 200. */
  static Setback ofStatus(int status, String body) {
    var error = error(body);
    var message = error.path("message").asText(body).toLowerCase(Locale.ROOT);
    if (saysTooLong(message)) {
      return tooLong();
    }
    return switch (status) {
      case 429, 503 -> noSlot(error);
      case 401, 403 -> notAllowed();
      case 404 -> Setback.rejected(FailureCode.MODEL_NOT_FOUND, "This model is not served here.");
      case 400 -> message.contains("api key") ? notAllowed() : invalid();
      case 405, 413, 415, 422, 501 -> invalid();
      case 408, 499, 504 ->
          Setback.failed(
              FailureCode.UPSTREAM_TIMEOUT, "The model server did not answer in time; try again.");
      default ->
          Setback.failed(
              FailureCode.UPSTREAM_FAILED,
              "The model server failed before it answered; try again.");
    };
  }

  /**
   * The meaning of an error in the body of an answer.
   *
   * @param begun something of the answer was told: nothing but a failure can follow
   */
  static Setback inStream(String text, boolean begun) {
    var error = error(text);
    if (!begun && error.path("code").isInt()) {
      return ofStatus(error.path("code").asInt(), text);
    }
    return saysTooLong(error.path("message").asText().toLowerCase(Locale.ROOT))
        ? tooLong()
        : Setback.failed(
            FailureCode.UPSTREAM_FAILED, "The model server failed while it answered; try again.");
  }

  /** The meaning of what a body that broke off said last; null where it said no error. */
  static @Nullable Setback stray(String lastWords, boolean begun) {
    var error = STRAY.matcher(lastWords);
    return error.find() ? inStream(lastWords.substring(error.start(1)), begun) : null;
  }

  private static JsonNode error(String text) {
    try (var in = Wire.JSON.getFactory().createParser(text)) {
      JsonNode root = Wire.JSON.readTree(in);
      return root == null
          ? MissingNode.getInstance()
          : (root.isArray() ? root.path(0) : root).path("error");
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    } catch (IOException e) {
      throw new UncheckedIOException("a string does not fail", e);
    }
  }

  private static Setback noSlot(JsonNode error) {
    for (var detail : error.path("details")) {
      var delay = SECONDS.matcher(detail.path("retryDelay").asText());
      if (delay.matches()) {
        var ms = Math.min(MOST_WAIT_MS, 1_000 * Long.parseLong(delay.group(1)));
        return new Setback(
            Setback.Kind.NO_SLOT,
            Failure.retryAfter(
                FailureCode.NO_CAPACITY, "The model server is busy; try again soon.", ms));
      }
    }
    return Setback.noSlot();
  }

  private static Setback notAllowed() {
    return new Setback(
        Setback.Kind.FAILED,
        new Failure(
            FailureCode.UPSTREAM_FAILED,
            "The model server does not accept this service's key; tell its operator.",
            false,
            null));
  }

  private static Setback invalid() {
    return Setback.rejected(
        FailureCode.INVALID_REQUEST, "The model server does not accept this request.");
  }

  private static boolean saysTooLong(String message) {
    return message.contains("token count") && message.contains("exceeds");
  }

  private static Setback tooLong() {
    return Setback.rejected(
        FailureCode.CONTEXT_LENGTH_EXCEEDED,
        "The conversation is longer than this model can read; shorten it or start a new one.");
  }
}
