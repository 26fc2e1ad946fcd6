package dev.penstock.simulator.engine;

import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.wire.OllamaError;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a generation is to do.
 *
 * @param prompt as the model reads it; empty where it cannot be remembered
 * @param promptTokens how many that are
 * @param thoughts tokens that come before the answer; empty where the model does not think
 * @param answer the tokens it says if nothing cuts it
 * @param toolCalls what the answer's tokens are instead of text, told whole at the end: a JSON
 *     array; null for text
 * @param scored whether the tokens of what is said are told with it
 * @param most tokens, thoughts included, after which it ends as {@code length}
 * @param tokensPerSecond how fast
 * @param refusal said instead of a first token, once the prompt was looked at; null for none
 */
public record Order(
    SimulatedModel model,
    @Nullable Duration keepAlive,
    String prompt,
    int promptTokens,
    List<String> thoughts,
    List<String> answer,
    @Nullable String toolCalls,
    boolean scored,
    int most,
    List<String> stop,
    int tokensPerSecond,
    @Nullable OllamaError refusal) {
  /** Of a prompt; answers are counted exactly. */
  public static final int CHARACTERS_PER_TOKEN = 4;
}
