package dev.penstock.contracts.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /generations}.
 *
 * @param tenant whose share of the queue this counts against
 * @param conversation key for backend affinity, usually the session's id; null for none
 * @param messages system first, alternating after but for tool results; never empty
 * @param continuesAnswer the last message is a partial assistant answer to go on with; the proxy
 *     refuses with {@code cannot_continue} where the model would start over (turns.md T-24)
 * @param deadlineMs milliseconds the whole generation may still take, queue included
 * @param form {@link AnswerForm#PLAIN} where the request does not say
 */
public record GenerationRequest(
    String tenant,
    @Nullable String conversation,
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    boolean continuesAnswer,
    Priority priority,
    long deadlineMs,
    AnswerForm form) {

  public GenerationRequest {
    form = form == null ? AnswerForm.PLAIN : form;
  }

  /** A request for plain text. */
  public GenerationRequest(
      String tenant,
      @Nullable String conversation,
      String model,
      List<ChatMessage> messages,
      GenerationOptions options,
      boolean continuesAnswer,
      Priority priority,
      long deadlineMs) {
    this(
        tenant,
        conversation,
        model,
        messages,
        options,
        continuesAnswer,
        priority,
        deadlineMs,
        AnswerForm.PLAIN);
  }

  /** The same request with other options. */
  public GenerationRequest withOptions(GenerationOptions wanted) {
    return new GenerationRequest(
        tenant, conversation, model, messages, wanted, continuesAnswer, priority, deadlineMs, form);
  }

  /** The same request for an answer of another form. */
  public GenerationRequest withForm(AnswerForm wanted) {
    return new GenerationRequest(
        tenant,
        conversation,
        model,
        messages,
        options,
        continuesAnswer,
        priority,
        deadlineMs,
        wanted);
  }
}
