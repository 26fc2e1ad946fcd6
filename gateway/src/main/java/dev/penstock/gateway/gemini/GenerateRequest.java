package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import java.util.List;

/**
 * What a request asks a model for.
 *
 * @param isEnum whether the answer is a JSON string of which the client wants the text
 */
record GenerateRequest(
    List<ChatMessage> messages, GenerationOptions options, AnswerForm form, boolean isEnum) {

  /** Whether the prompt is text and nothing else. */
  boolean isText() {
    return messages.stream().allMatch(message -> message.images().isEmpty());
  }

  /** The request that only shows how many tokens its prompt has. */
  GenerateRequest toCount() {
    return new GenerateRequest(
        messages,
        GenerationOptions.NONE.withMaxTokens(1),
        AnswerForm.PLAIN.withTools(form.tools(), form.toolChoice()),
        false);
  }
}
