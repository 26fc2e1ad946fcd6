package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.proxy.exchange.JsonDocument;
import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;

/**
 * Encodes bodies of {@code POST /v1/chat/completions}, which always ask for a stream with its
 * usage.
 *
 * <p>The bound is {@code max_tokens}, which all of these servers know. What OpenAI itself does not
 * have ({@code top_k}, {@code min_p}, the repetition penalty in vLLM's and in llama-server's
 * spelling, {@code chat_template_kwargs}) is written only where it is asked for.
 */
final class ChatCompletionRequest {
  private ChatCompletionRequest() {}

  /** Asks for a streamed answer. */
  static Buffer chat(Prompt prompt) {
    return JsonDocument.of(
        out -> {
          out.writeStringField("model", prompt.model());
          ChatMessages.write(out, prompt.messages());
          out.writeBooleanField("stream", true);
          out.writeObjectFieldStart("stream_options");
          out.writeBooleanField("include_usage", true);
          out.writeEndObject();
          out.writeNumberField("max_tokens", prompt.maxTokens());
          options(out, prompt.options());
          think(out, prompt.think());
          ChatAnswerForm.write(out, prompt.form());
          if (prompt.continuesAnswer()) {
            // vLLM's; llama-server goes on with a trailing assistant message by itself.
            out.writeBooleanField("add_generation_prompt", false);
            out.writeBooleanField("continue_final_message", true);
          }
        });
  }

  private static void options(JsonGenerator out, GenerationOptions options) throws IOException {
    JsonDocument.number(out, "temperature", options.temperature());
    JsonDocument.number(out, "top_p", options.topP());
    JsonDocument.number(out, "top_k", options.topK());
    JsonDocument.number(out, "min_p", options.minP());
    JsonDocument.number(out, "seed", options.seed());
    JsonDocument.number(out, "repetition_penalty", options.repeatPenalty());
    JsonDocument.number(out, "repeat_penalty", options.repeatPenalty());
    JsonDocument.number(out, "frequency_penalty", options.frequencyPenalty());
    JsonDocument.number(out, "presence_penalty", options.presencePenalty());
    JsonDocument.texts(out, "stop", options.stop());
  }

  private static void think(JsonGenerator out, Think think) throws IOException {
    switch (think) {
      case OFF -> {}
      case ON -> template(out);
      case LOW, MEDIUM, HIGH -> effort(out, think.wire().toString());
      case MAX -> effort(out, "high");
    }
  }

  private static void effort(JsonGenerator out, String effort) throws IOException {
    out.writeStringField("reasoning_effort", effort);
    template(out);
  }

  private static void template(JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("chat_template_kwargs");
    out.writeBooleanField("enable_thinking", true);
    out.writeEndObject();
  }
}
