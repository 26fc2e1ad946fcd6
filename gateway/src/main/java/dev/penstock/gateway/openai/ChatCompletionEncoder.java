package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * Writes an answer as one JSON document (openai-api.md section 4.3).
 *
 * @param oneCall leaves out every call of a tool after the first
 */
record ChatCompletionEncoder(ResponseHead head, CompletionId completion, boolean oneCall)
    implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    head.refuse(response, failure);
  }

  @Override
  public Buffer document(HttpServerResponse response, GatheredAnswer answer) {
    head.document(response);
    return encode(answer);
  }

  Buffer encode(GatheredAnswer answer) {
    var json =
        Buffer.buffer(512 + answer.text().length())
            .appendString("{\"id\":\"" + completion.id())
            .appendString("\",\"object\":\"chat.completion\",\"created\":")
            .appendString(completion.created() + ",\"model\":");
    JsonString.append(json, completion.model())
        .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
        .appendString(",\"service_tier\":\"default\",\"choices\":[{\"index\":0,\"message\":");
    message(json, answer).appendString(",\"logprobs\":");
    return LogprobsJson.append(json, answer.logprobs())
        .appendString(",\"finish_reason\":\"" + FinishReasons.of(answer.reason()))
        .appendString("\"}],\"usage\":" + UsageJson.of(answer.usage()) + "}");
  }

  private Buffer message(Buffer json, GatheredAnswer answer) {
    json.appendString("{\"role\":\"assistant\",\"content\":");
    if (answer.text().isEmpty() && !answer.calls().isEmpty()) {
      json.appendString("null");
    } else {
      JsonString.append(json, answer.text());
    }
    json.appendString(",\"refusal\":null");
    if (!answer.thoughts().isEmpty()) {
      JsonString.append(json.appendString(",\"reasoning\":"), answer.thoughts());
    }
    if (!answer.calls().isEmpty()) {
      var told = oneCall ? answer.calls().subList(0, 1) : answer.calls();
      ToolCallsJson.append(json.appendString(",\"tool_calls\":"), told);
    }
    return json.appendString("}");
  }
}
