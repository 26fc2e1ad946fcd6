package dev.penstock.gateway.answer;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A whole answer.
 *
 * @param thoughts empty where none were asked for or none came
 * @param logprobs of all tokens in order; empty where none were asked for or none came
 * @param timings null where the answer was cut at our own limit
 */
public record GatheredAnswer(
    String text,
    String thoughts,
    List<ToolCall> calls,
    List<TokenLogprob> logprobs,
    FinishReason reason,
    Usage usage,
    @Nullable Timings timings) {}
