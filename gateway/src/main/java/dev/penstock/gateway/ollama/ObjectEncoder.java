package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import dev.penstock.gateway.ollama.FrameEncoder.Said;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Writes an answer as one object, {@code "stream":false} (ollama-api.md section 4.1). */
record ObjectEncoder(Reply reply) implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    Replies.refuse(response, OllamaError.of(failure, reply.model()));
  }

  @Override
  public Buffer document(HttpServerResponse response, GatheredAnswer answer) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, Replies.JSON);
    return encode(answer);
  }

  Buffer encode(GatheredAnswer answer) {
    var out = Buffer.buffer(512 + answer.text().length());
    reply
        .frames()
        .last(
            out,
            reply.clock().instant(),
            new Said(answer.text(), answer.thoughts(), answer.calls(), answer.logprobs()),
            Reply.reason(answer.reason()),
            reply.context(answer.text()),
            reply.metrics(answer.usage(), answer.timings()));
    return out;
  }
}
