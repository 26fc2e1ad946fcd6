package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * The answer to {@code countTokens}: what a generation of one token counted for its prompt, the
 * model's template included (gemini-api.md section 6).
 *
 * @param isText whether the prompt is text alone, so that its tokens can be told by modality
 */
record TokenCountEncoder(boolean isText) implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    GeminiError.of(failure).answer(response);
  }

  @Override
  public Buffer document(HttpServerResponse response, GatheredAnswer answer) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, GeminiError.JSON);
    return json(answer.usage().inputTokens());
  }

  Buffer json(int tokens) {
    var details = isText ? ",\"promptTokensDetails\":" + UsageJson.promptDetails(tokens) : "";
    return Buffer.buffer("{\"totalTokens\":" + tokens + details + "}");
  }
}
