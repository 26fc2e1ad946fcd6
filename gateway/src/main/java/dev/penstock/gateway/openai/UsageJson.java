package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.Usage;
import java.util.Objects;

/** Token counts as this dialect names them. */
final class UsageJson {
  private UsageJson() {}

  static String of(Usage usage) {
    return "{\"prompt_tokens\":"
        + usage.inputTokens()
        + ",\"completion_tokens\":"
        + usage.outputTokens()
        + ",\"total_tokens\":"
        + ((long) usage.inputTokens() + usage.outputTokens())
        + ",\"prompt_tokens_details\":{\"cached_tokens\":"
        + Objects.requireNonNullElse(usage.cachedTokens(), 0)
        + "},\"completion_tokens_details\":{\"reasoning_tokens\":"
        + Objects.requireNonNullElse(usage.thoughtTokens(), 0)
        + "}}";
  }
}
