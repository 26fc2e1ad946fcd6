package dev.penstock.contracts.generation;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /generations}.
 *
 * @param tenant whose share of the queue this counts against
 * @param conversation key for backend affinity, usually the session's id; null for none
 * @param messages system first, alternating after; never empty
 * @param continuesAnswer the last message is a partial assistant answer to go on with; the proxy
 *     refuses with {@code cannot_continue} where the model would start over (turns.md T-24)
 * @param deadlineMs milliseconds the whole generation may still take, queue included
 */
public record GenerationRequest(
    String tenant,
    @Nullable String conversation,
    String model,
    List<ChatMessage> messages,
    GenerationOptions options,
    boolean continuesAnswer,
    Priority priority,
    long deadlineMs) {}
