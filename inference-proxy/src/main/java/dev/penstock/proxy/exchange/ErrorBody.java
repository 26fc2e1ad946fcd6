package dev.penstock.proxy.exchange;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;

/** The body of an answer that is an error, of whatever form. */
final class ErrorBody {
  private static final int MAX_BYTES = 64 * 1024;

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
}
