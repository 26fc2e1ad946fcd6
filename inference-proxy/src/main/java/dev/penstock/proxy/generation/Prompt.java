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
 * @param continuesAnswer the last message is a partial answer to go on with; asked only of models
 *     that do (turns.md T-24)
 * @param form what else is asked for; nothing the upstream {@link Upstream#refusal refuses}, and
 *     nothing the model is known not to be able to do
 */
public record Prompt(
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    Think think,
    int maxTokens,
    boolean continuesAnswer,
    AnswerForm form) {

  /** The same with another bound of generated tokens. */
  public Prompt withMaxTokens(int bound) {
    return new Prompt(model, messages, options, think, bound, continuesAnswer, form);
  }
}
