package dev.penstock.proxy.gemini;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.proxy.exchange.AnswerDecoder;
import dev.penstock.proxy.exchange.EventFeed;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the event stream of {@code streamGenerateContent?alt=sse} (gemini-api.md section 10).
 *
 * <p>There is no end marker: an answer is whole when its body ends cleanly and a chunk had a {@code
 * finishReason}, which need not be the last one. A blocked prompt has {@code promptFeedback} and no
 * candidate. A failure is an event {@code {"error":{…}}}, or the same as it is in the body, perhaps
 * in a list.
 */
final class GeminiDecoder implements AnswerDecoder {
  private final AnswerListener listener;
  private final GeminiParts parts;
  private final GeminiChunk chunk;
  private final EventFeed events = new EventFeed(this::event, this::tooLong);
  private @Nullable String finishReason;
  private boolean blocked;
  private int chunks;
  private boolean over;

  GeminiDecoder(AnswerListener listener) {
    this.listener = listener;
    this.parts = new GeminiParts(listener);
    this.chunk = new GeminiChunk(parts);
  }

  @Override
  public void feed(Buffer piece) {
    if (!over) {
      events.feed(piece);
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    if (finishReason != null) {
      parts.end();
      finish(finishReason);
    } else if (blocked) {
      complete(FinishReason.CONTENT_FILTER);
    } else {
      var error = GeminiErrors.stray(events.lastWords(), parts.told());
      breakOff(
          error != null
              ? error
              : Setback.failed(
                  FailureCode.UPSTREAM_TRUNCATED,
                  "The model server ended its answer too early; try again."));
    }
  }

  @Override
  public int chunks() {
    return chunks;
  }

  private void event(SseEvent event) {
    if (over) {
      return;
    }
    chunks++;
    try {
      chunk.read(event.data());
    } catch (IOException e) {
      breakOff(
          Setback.failed(
              FailureCode.UPSTREAM_PROTOCOL,
              "The model server sent something that cannot be understood; try again."));
      return;
    }
    if (chunk.error) {
      breakOff(GeminiErrors.inStream(event.data(), parts.told()));
      return;
    }
    // Chunks without text come too: usage alone, or a signature.
    listener.heard();
    blocked |= chunk.blocked;
    if (chunk.finishReason != null && !chunk.finishReason.endsWith("_UNSPECIFIED")) {
      finishReason = chunk.finishReason;
    }
  }

  private void finish(String reason) {
    switch (reason) {
      case "STOP" -> complete(parts.called() ? FinishReason.TOOL_CALLS : FinishReason.STOP);
      case "MAX_TOKENS" -> complete(FinishReason.LENGTH);
      case "SAFETY", "RECITATION", "LANGUAGE", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII" ->
          complete(FinishReason.CONTENT_FILTER);
      case "MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS" ->
          breakOff(
              Setback.failed(
                  FailureCode.UPSTREAM_FAILED,
                  "The model called a tool in a way that cannot be understood; try again."));
      default -> {
        if (reason.startsWith("IMAGE_")) {
          complete(FinishReason.CONTENT_FILTER);
        } else {
          breakOff(
              Setback.failed(
                  FailureCode.UPSTREAM_FAILED,
                  "The model server gave up its answer without saying why; try again."));
        }
      }
    }
  }

  private void complete(FinishReason reason) {
    over = true;
    listener.finished(chunk.usage.completion(reason));
  }

  private void tooLong() {
    breakOff(
        Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent an event that is too long; try again."));
  }

  private void breakOff(Setback setback) {
    if (!over) {
      over = true;
      listener.broke(setback);
    }
  }
}
