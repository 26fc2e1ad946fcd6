package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * The answer to {@code POST /v1/responses/input_tokens}: what a generation of one token counted for
 * its prompt, the model's template included (openai-api.md section 8.4).
 */
record InputTokensEncoder(ResponseHead head) implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse http, Failure failure) {
    head.refuse(http, failure);
  }

  @Override
  public Buffer document(HttpServerResponse http, GatheredAnswer answer) {
    head.document(http);
    return Buffer.buffer(
        "{\"object\":\"response.input_tokens\",\"input_tokens\":"
            + answer.usage().inputTokens()
            + "}");
  }
}
