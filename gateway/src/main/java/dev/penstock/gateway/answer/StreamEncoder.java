package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer. Each method but {@link #head} appends whole frames; thoughts, probabilities
 * and calls come only where the request asked for them. One per answer, so it may remember what it
 * has said.
 */
public non-sealed interface StreamEncoder extends AnswerEncoder {
  /** Sets status and headers; once, before the first frame. */
  void head(HttpServerResponse response);

  /**
   * Text of the answer.
   *
   * @param piece whole characters, never empty, at most 4,096 {@code char}s
   */
  void text(Buffer out, String piece);

  /** Text with the probabilities of its tokens; the text may be empty. */
  void scored(Buffer out, String text, List<TokenLogprob> logprobs);

  /** What the model thinks; as {@link #text} otherwise. */
  void thought(Buffer out, String piece);

  /** Whole tool calls, at least one. */
  void called(Buffer out, List<ToolCall> calls);

  /** The last frames of an answer that is whole. */
  void finished(Buffer out, GenerationEvent.Finished end);

  /** The last frames of an answer that broke after its head was sent. */
  void failed(Buffer out, Failure failure);

  /**
   * What follows {@link #failed} in a write of its own, and so in a chunk of its own; null where
   * the dialect has nothing more to say.
   */
  default @Nullable Buffer failedAgain(Failure failure) {
    return null;
  }

  /** A sign of life for clients that wait; null where the dialect has none its clients survive. */
  @Nullable Buffer keepAlive();
}
