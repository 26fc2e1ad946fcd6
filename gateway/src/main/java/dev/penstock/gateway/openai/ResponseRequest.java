package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.MessageDraft;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a response asks for.
 *
 * @param input what it adds to what comes before it, in order
 * @param keeping how it is kept; null where it is not
 * @param instructions system text of this response alone
 * @param echo the members that the response repeats, as they stand there
 * @param affinity the caller's key for prompts that share a beginning, unhashed; null for none
 */
record ResponseRequest(
    String model,
    List<MessageDraft> input,
    GenerationOptions options,
    AnswerForm form,
    boolean oneCall,
    boolean stream,
    @Nullable Keeping keeping,
    @Nullable String instructions,
    ObjectNode echo,
    @Nullable String affinity) {

  /** All that a model is told where nothing comes before the input. */
  List<ChatMessage> messages() {
    var messages = new ArrayList<ChatMessage>(input.size() + 1);
    if (instructions != null) {
      messages.add(new ChatMessage(Role.SYSTEM, instructions));
    }
    input.forEach(draft -> messages.add(draft.said()));
    return messages;
  }
}
