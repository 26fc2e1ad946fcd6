package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a request for a response asks for.
 *
 * @param messages its input; where it is not kept, behind the instructions
 * @param keeping how it is kept; null where it is not
 * @param instructions system text of this response alone
 * @param echo the members that the response repeats, as they stand there
 * @param affinity the caller's key for prompts that share a beginning, unhashed; null for none
 */
record ResponseRequest(
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    AnswerForm form,
    boolean oneCall,
    boolean stream,
    @Nullable Keeping keeping,
    @Nullable String instructions,
    ObjectNode echo,
    @Nullable String affinity) {}
