package dev.penstock.proxy.exchange;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** The body of an answer that is an error, of whatever form. */
final class ErrorBody {
  private static final int MAX_BYTES = 64 * 1024;
  private static final int MAX_LOGGED = 200;

  private ErrorBody() {}

  /** Its text; of a long one the beginning. */
  static Future<String> read(HttpClientResponse answer) {
    var body = Buffer.buffer();
    var text = Promise.<String>promise();
    answer.handler(
        piece -> {
          if (body.length() + piece.length() <= MAX_BYTES) {
            body.appendBuffer(piece);
          } else {
            text.tryComplete(body.toString());
            answer.request().reset();
          }
        });
    answer.endHandler(_ -> text.tryComplete(body.toString()));
    answer.exceptionHandler(text::tryFail);
    return text.future();
  }

  /** For the log: the status, and the text where it cannot hold what a person wrote. */
  static String shown(int status, String text) {
    // Some servers repeat the request in what they say of it.
    if (status == 400 || status == 413 || status == 422) {
      return String.valueOf(status);
    }
    var line = text.replaceAll("\\s+", " ");
    return status
        + ": "
        + (line.length() <= MAX_LOGGED ? line : line.substring(0, MAX_LOGGED) + "…");
  }
}
