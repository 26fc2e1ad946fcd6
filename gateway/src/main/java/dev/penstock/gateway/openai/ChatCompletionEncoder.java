package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.gateway.answer.DocumentEncoder;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes an answer as one JSON document (openai-api.md section 4.3). */
record ChatCompletionEncoder(ResponseHead head, CompletionId completion)
    implements DocumentEncoder {
  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    head.error(response, OpenAiError.of(failure));
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
            .appendString("\",\"object\":\"chat.completion\",\"created\":")
            .appendString(completion.created() + ",\"model\":");
    JsonString.append(json, completion.model())
        .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
        .appendString(",\"service_tier\":\"default\",\"choices\":[{\"index\":0,\"message\":")
        .appendString("{\"role\":\"assistant\",\"content\":");
    if (answer.text().isEmpty() && !answer.calls().isEmpty()) {
      json.appendString("null");
    } else {
      JsonString.append(json, answer.text());
    }
    json.appendString(",\"refusal\":null");
    if (!answer.calls().isEmpty()) {
      calls(json, answer.calls());
    }
    return json.appendString("},\"logprobs\":null,\"finish_reason\":\"")
        .appendString(FinishReasons.of(answer.reason()) + "\"}],\"usage\":")
        .appendString(UsageJson.of(answer.usage()) + "}");
  }

  private static void calls(Buffer json, List<ToolCall> calls) {
    var separator = ",\"tool_calls\":[{\"id\":";
    for (var call : calls) {
      JsonString.append(json.appendString(separator), call.id());
      JsonString.append(
          json.appendString(",\"type\":\"function\",\"function\":{\"name\":"), call.name());
      JsonString.append(json.appendString(",\"arguments\":"), call.arguments()).appendString("}}");
      separator = ",{\"id\":";
    }
    json.appendString("]");
  }
}
