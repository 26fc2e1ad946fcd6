package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.proxy.generation.Completion;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an answer cost, as its last chunks tell it: {@code usage} with its details, and
 * llama-server's {@code timings} in milliseconds. The last word counts.
 */
final class ChunkUsage {
  private @Nullable Integer prompt;
  private @Nullable Integer answer;
  private @Nullable Integer cached;
  private @Nullable Integer thoughts;
  private @Nullable Long prefillMs;
  private @Nullable Long decodeMs;

  /** Reads the object the parser stands on, if it is one. */
  void read(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      if (value == JsonToken.START_OBJECT) {
        read(in);
      } else if (value != null && value.isNumeric()) {
        number(in, name);
      } else {
        in.skipChildren();
      }
    }
  }

  Completion completion(FinishReason reason) {
    return new Completion(reason, prompt, answer, cached, thoughts, 0, prefillMs, decodeMs);
  }

  private void number(JsonParser in, String name) throws IOException {
    switch (name) {
      case "prompt_tokens" -> prompt = in.getIntValue();
      case "completion_tokens" -> answer = in.getIntValue();
      case "cached_tokens" -> cached = in.getIntValue();
      case "reasoning_tokens" -> thoughts = in.getIntValue();
      case "prompt_ms" -> prefillMs = Math.round(in.getDoubleValue());
      case "predicted_ms" -> decodeMs = Math.round(in.getDoubleValue());
      default -> {}
    }
  }
}
