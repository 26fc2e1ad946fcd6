package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a chat completion request asks for.
 *
 * @param oneCall whether at most one call of a tool is told ({@code parallel_tool_calls:false})
 * @param includeUsage whether a stream ends with a chunk of token counts
 * @param affinity the caller's key for prompts that share a beginning, unhashed; null for none
 */
record ChatCompletion(
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    AnswerForm form,
    boolean oneCall,
    boolean stream,
    boolean includeUsage,
    @Nullable String affinity) {}
