package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import java.util.List;

/**
 * What a model server is asked to answer.
 *
 * @param model the name the model server knows it by
 * @param options sampling options; its {@code maxTokens} and {@code think} do not count here
 * @param think {@link Think#OFF} for every model that cannot think
 * @param maxTokens always sent, so that an abandoned generation ends by itself (turns.md T-39)
 * @param form what else is asked for; an upstream that cannot do part of it breaks with a {@link
 *     Setback#rejected rejected} setback, {@code invalid_request}
 */
public record Prompt(
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    Think think,
    int maxTokens,
    AnswerForm form) {}
