package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.ToolChoice;
import org.jspecify.annotations.Nullable;

/**
 * Which member a model's refusal is about. A refusal says it in words alone, and clients look for
 * the member's name.
 */
final class Suspect {
  private Suspect() {}

  /** The likeliest member, by what is known of the model; null where it could be any. */
  static @Nullable String of(ChatCompletion asked, ModelFacts facts) {
    var form = asked.form();
    if (facts.lacks(Capability.COMPLETION)) {
      return "model";
    }
    if (!form.offeredTools().isEmpty() && facts.lacks(Capability.TOOLS)) {
      return "tools";
    }
    var shows = asked.messages().stream().anyMatch(message -> !message.images().isEmpty());
    if (shows && facts.lacks(Capability.VISION)) {
      return "messages";
    }
    if (form.toolChoice() instanceof ToolChoice.Required
        || form.toolChoice() instanceof ToolChoice.Named) {
      return "tool_choice";
    }
    return form.format() instanceof ResponseFormat.Text ? null : "response_format";
  }
}
