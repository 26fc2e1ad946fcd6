package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * Tokens of a generation.
 *
 * @param inputTokens of the whole prompt, those the model server had cached included
 * @param outputTokens of all the model generated, its thoughts included
 * @param estimated true where the model server did not count and we did (turns.md T-40); written
 *     only when true
 * @param cachedTokens how many of the input the model server did not have to read again; null and
 *     not written where it does not tell
 * @param thoughtTokens how many of the output were thoughts; null and not written where it does not
 *     tell
 */
public record Usage(
    int inputTokens,
    int outputTokens,
    @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean estimated,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer cachedTokens,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer thoughtTokens) {

  /** A count that tells no parts. */
  public Usage(int inputTokens, int outputTokens, boolean estimated) {
    this(inputTokens, outputTokens, estimated, null, null);
  }
}
