package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.proxy.generation.Completion;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an answer cost, as {@code usageMetadata} of the last chunk that tells it: {@code
 * candidatesTokenCount} is without the thoughts.
 */
final class GeminiUsage {
  private @Nullable Integer prompt;
  private @Nullable Integer answer;
  private @Nullable Integer cached;
  private @Nullable Integer thoughts;

  /** Reads the object the parser stands on, if it is one. */
  void read(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      in.skipChildren();
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      if (in.nextToken() == JsonToken.VALUE_NUMBER_INT) {
        number(in, name);
      } else {
        in.skipChildren();
      }
    }
  }

  Completion completion(FinishReason reason) {
    return new Completion(reason, prompt, output(), cached, thoughts, 0, null, null);
  }

  private @Nullable Integer output() {
    if (answer == null || thoughts == null) {
      return answer == null ? thoughts : answer;
    }
    return answer + thoughts;
  }

  private void number(JsonParser in, String name) throws IOException {
    switch (name) {
      case "promptTokenCount" -> prompt = in.getIntValue();
      case "candidatesTokenCount" -> answer = in.getIntValue();
      case "cachedContentTokenCount" -> cached = in.getIntValue();
      case "thoughtsTokenCount" -> thoughts = in.getIntValue();
      default -> {}
    }
  }
}
