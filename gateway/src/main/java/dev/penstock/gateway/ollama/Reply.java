package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the encoders of one answer know of its request.
 *
 * @param model as the client named it
 * @param chat whether {@code /api/chat} was asked, else {@code /api/generate}
 * @param conversation what was sent to the model, for the context of {@code /api/generate}
 * @param accepted {@link System#nanoTime} of the request's arrival
 */
record Reply(
    String model,
    boolean chat,
    List<ChatMessage> conversation,
    long accepted,
    InstantSource clock) {

  FrameEncoder frames() {
    return chat ? FrameEncoder.ofChat(model) : FrameEncoder.ofGenerate(model);
  }

  /** What a client sends back to go on; empty where the route has none. */
  int[] context(String answer) {
    return chat ? new int[0] : PromptContext.encode(conversation, answer);
  }

  Metrics metrics(Usage usage, @Nullable Timings timings) {
    return Metrics.of(System.nanoTime() - accepted, usage, timings);
  }

  /** {@code done_reason}: Ollama ends a call of tools like any other answer. */
  static String reason(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> "stop";
      case LENGTH -> "length";
      case CONTENT_FILTER -> "content_filter";
    };
  }
}
