package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** The body of an answer that is an error: {@code {"error":"…"}}, or whatever else it is. */
final class ErrorBody {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_LOGGED = 200;

  private ErrorBody() {}

  /** The text of the error; of a long body the beginning. */
  static Future<String> read(HttpClientResponse answer) {
    var body = Buffer.buffer();
    var text = Promise.<String>promise();
    answer.handler(
        piece -> {
          if (body.length() + piece.length() <= MAX_BYTES) {
            body.appendBuffer(piece);
          } else {
            text.tryComplete(message(body));
            answer.request().reset();
          }
        });
    answer.endHandler(_ -> text.tryComplete(message(body)));
    answer.exceptionHandler(text::tryFail);
    return text.future();
  }

  /** For the log. */
  static String shortened(String text) {
    var line = text.replaceAll("\\s+", " ");
    return line.length() <= MAX_LOGGED ? line : line.substring(0, MAX_LOGGED) + "…";
  }

  private static String message(Buffer body) {
    var text = body.toString();
    try {
      JsonNode error = Wire.JSON.readTree(text).path("error");
      return error.isTextual() ? error.asText() : text;
    } catch (JsonProcessingException e) {
      return text;
    }
  }
}
