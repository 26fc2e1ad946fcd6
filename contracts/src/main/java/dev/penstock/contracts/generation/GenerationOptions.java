package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sampling options of a generation; null means "as the next layer says", in the end the model's own
 * default. Ranges are the public edge's to check (native-api.md section 3).
 *
 * @param maxTokens upper bound of generated tokens
 * @param stop at most four strings that end the answer and are not part of it
 * @param seed signed 64-bit
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record GenerationOptions(
    @Nullable Double temperature,
    @Nullable Double topP,
    @Nullable Integer topK,
    @Nullable Integer maxTokens,
    @Nullable List<String> stop,
    @Nullable Long seed,
    @Nullable Think think,
    @Nullable Double minP,
    @Nullable Double repeatPenalty,
    @Nullable Double frequencyPenalty,
    @Nullable Double presencePenalty) {

  /** Nothing is set. */
  public static final GenerationOptions NONE =
      new GenerationOptions(null, null, null, null, null, null, null, null, null, null, null);

  /** These options, with {@code base} filling in what is absent here. */
  public GenerationOptions over(GenerationOptions base) {
    return new GenerationOptions(
        temperature != null ? temperature : base.temperature,
        topP != null ? topP : base.topP,
        topK != null ? topK : base.topK,
        maxTokens != null ? maxTokens : base.maxTokens,
        stop != null ? stop : base.stop,
        seed != null ? seed : base.seed,
        think != null ? think : base.think,
        minP != null ? minP : base.minP,
        repeatPenalty != null ? repeatPenalty : base.repeatPenalty,
        frequencyPenalty != null ? frequencyPenalty : base.frequencyPenalty,
        presencePenalty != null ? presencePenalty : base.presencePenalty);
  }

  /** The same options with another bound of generated tokens. */
  public GenerationOptions withMaxTokens(int bound) {
    return new GenerationOptions(
        temperature,
        topP,
        topK,
        bound,
        stop,
        seed,
        think,
        minP,
        repeatPenalty,
        frequencyPenalty,
        presencePenalty);
  }

  /** The same options with another wish for thinking; null for the model's own. */
  public GenerationOptions withThink(@Nullable Think wish) {
    return new GenerationOptions(
        temperature,
        topP,
        topK,
        maxTokens,
        stop,
        seed,
        wish,
        minP,
        repeatPenalty,
        frequencyPenalty,
        presencePenalty);
  }
}
