package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.Serial;

/**
 * An answer of the form {@code {"detail":…}}: a text, or for a body that is not valid (422) a list
 * of {@code {"type","loc","msg","input"}} (adk-api.md section 1.4). Has no stack trace.
 */
final class AdkException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  private final int status;
  private final transient JsonNode detail;

  AdkException(int status, String detail) {
    this(status, TextNode.valueOf(detail));
  }

  AdkException(int status, JsonNode detail) {
    super(detail.isTextual() ? detail.textValue() : "the request is not valid", null, false, false);
    this.status = status;
    this.detail = detail;
  }

  static AdkException noSession() {
    return new AdkException(404, "Session not found");
  }

  int status() {
    return status;
  }

  JsonNode detail() {
    return detail;
  }

  /** Answers with this; only while no head was written. */
  void answer(HttpServerResponse response) {
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, Replies.JSON)
        .end(body(detail));
  }

  /** The document around a detail. */
  static Buffer body(JsonNode detail) {
    return Buffer.buffer(
        JsonNodeFactory.instance.objectNode().<JsonNode>set("detail", detail).toString());
  }
}
