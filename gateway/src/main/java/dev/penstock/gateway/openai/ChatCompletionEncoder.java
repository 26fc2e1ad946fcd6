package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;

/** Writes an answer as one JSON document (openai-api.md section 4.3). */
final class ChatCompletionEncoder {
  private ChatCompletionEncoder() {}

  static Buffer encode(CompletionId completion, String text, FinishReason reason, Usage usage) {
    var json =
        Buffer.buffer(512 + text.length())
            .appendString("{\"id\":\"" + completion.id())
            .appendString("\",\"object\":\"chat.completion\",\"created\":")
            .appendString(completion.created() + ",\"model\":");
    JsonString.append(json, completion.model())
        .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
        .appendString(",\"service_tier\":\"default\",\"choices\":[{\"index\":0,\"message\":")
        .appendString("{\"role\":\"assistant\",\"content\":");
    return JsonString.append(json, text)
        .appendString(",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"")
        .appendString(FinishReasons.of(reason) + "\"}],\"usage\":")
        .appendString(UsageJson.of(usage) + "}");
  }
}
