package dev.penstock.gateway.answer;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** An answer in one document. */
public non-sealed interface DocumentEncoder extends AnswerEncoder {
  /** Sets status and headers, and returns the whole body. */
  Buffer document(HttpServerResponse response, GatheredAnswer answer);
}
