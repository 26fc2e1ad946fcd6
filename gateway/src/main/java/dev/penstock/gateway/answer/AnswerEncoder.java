package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import io.vertx.core.http.HttpServerResponse;

/** How one dialect puts one answer into bytes. Confined to the event loop of its request. */
public sealed interface AnswerEncoder permits StreamEncoder, DocumentEncoder {
  /**
   * Answers with a failure in the dialect's own form: status, headers, body, end. Only while no
   * head was written.
   */
  void refuse(HttpServerResponse response, Failure failure);
}
