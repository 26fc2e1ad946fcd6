package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.Usage;

/** Token counts as this dialect names them. */
final class UsageJson {
  private UsageJson() {}

  /**
   * The object {@code usageMetadata}.
   *
   * @param isText whether the prompt is text alone, so that its tokens can be told by modality
   */
  static String of(Usage usage, boolean isText) {
    var thoughts = usage.thoughtTokens() == null ? 0 : usage.thoughtTokens();
    var json =
        new StringBuilder(160)
            .append("{\"promptTokenCount\":")
            .append(usage.inputTokens())
            .append(",\"candidatesTokenCount\":")
            .append(Math.max(0, usage.outputTokens() - thoughts))
            .append(",\"totalTokenCount\":")
            .append((long) usage.inputTokens() + usage.outputTokens());
    if (usage.thoughtTokens() != null) {
      json.append(",\"thoughtsTokenCount\":").append(thoughts);
    }
    if (usage.cachedTokens() != null) {
      json.append(",\"cachedContentTokenCount\":").append(usage.cachedTokens());
    }
    if (isText) {
      json.append(",\"promptTokensDetails\":").append(promptDetails(usage.inputTokens()));
    }
    return json.append('}').toString();
  }

  /** The array that tells a prompt's tokens by modality. */
  static String promptDetails(int tokens) {
    return "[{\"modality\":\"TEXT\",\"tokenCount\":" + tokens + "}]";
  }
}
