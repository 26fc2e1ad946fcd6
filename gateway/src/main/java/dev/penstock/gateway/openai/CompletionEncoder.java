package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/** Writes a completion as one JSON document (openai-api.md section 6). */
record CompletionEncoder(ResponseHead head, CompletionId completion) implements DocumentEncoder {
  /** The same for the document and its chunks. */
  static final String OBJECT = "text_completion";

  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    head.refuse(response, failure);
  }

  @Override
  public Buffer document(HttpServerResponse response, GatheredAnswer answer) {
    head.document(response);
    return encode(completion, answer);
  }

  static Buffer encode(CompletionId completion, GatheredAnswer answer) {
    var json =
        Buffer.buffer(512 + answer.text().length())
            .appendString("{\"id\":\"" + completion.id())
            .appendString("\",\"object\":\"" + OBJECT + "\",\"created\":")
            .appendString(completion.created() + ",\"model\":");
    JsonString.append(json, completion.model())
        .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
        .appendString(",\"choices\":[{\"text\":");
    return JsonString.append(json, answer.text())
        .appendString(",\"index\":0,\"logprobs\":null,\"finish_reason\":\"")
        .appendString(FinishReasons.of(answer.reason()) + "\"}],\"usage\":")
        .appendString(UsageJson.of(answer.usage()) + "}");
  }
}
