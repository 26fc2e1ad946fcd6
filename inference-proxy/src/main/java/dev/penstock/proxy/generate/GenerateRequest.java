package dev.penstock.proxy.generate;

import dev.penstock.proxy.exchange.JsonDocument;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Encodes bodies of {@code POST /generate}: {@code prompt} and vLLM's sampling parameters. The
 * model's own end of a turn is always among the {@code stop}s.
 */
final class GenerateRequest {
  private GenerateRequest() {}

  /**
   * Asks for an answer.
   *
   * @param text the prompt, rendered
   */
  static Buffer generate(String text, Prompt prompt) {
    var options = prompt.options();
    var stop = new ArrayList<>(List.of(GemmaPrompt.END));
    if (options.stop() != null) {
      stop.addAll(options.stop());
    }
    return JsonDocument.of(
        out -> {
          out.writeStringField("prompt", text);
          out.writeNumberField("max_tokens", prompt.maxTokens());
          JsonDocument.number(out, "temperature", options.temperature());
          JsonDocument.number(out, "top_p", options.topP());
          JsonDocument.number(out, "top_k", options.topK());
          JsonDocument.number(out, "min_p", options.minP());
          JsonDocument.number(out, "seed", options.seed());
          JsonDocument.number(out, "repetition_penalty", options.repeatPenalty());
          JsonDocument.number(out, "frequency_penalty", options.frequencyPenalty());
          JsonDocument.number(out, "presence_penalty", options.presencePenalty());
          JsonDocument.texts(out, "stop", stop);
        });
  }
}
