package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;

/**
 * Writes a response as one JSON document (openai-api.md section 8.2).
 *
 * @param oneCall leaves out every call of a tool after the first
 */
record ResponseEncoder(
    ResponseHead head, ResponseJson response, boolean oneCall, InstantSource clock)
    implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse http, Failure failure) {
    head.refuse(http, failure);
  }

  @Override
  public Buffer document(HttpServerResponse http, GatheredAnswer answer) {
    head.document(http);
    return encode(answer);
  }

  Buffer encode(GatheredAnswer answer) {
    var calls = answer.calls();
    var told = oneCall && calls.size() > 1 ? calls.subList(0, 1) : calls;
    var items =
        response.items(
            ResponseJson.status(answer.reason()), answer.text(), answer.logprobs(), told);
    return Wire.encode(response.ended(items, answer.reason(), answer.usage(), clock.instant()));
  }
}
