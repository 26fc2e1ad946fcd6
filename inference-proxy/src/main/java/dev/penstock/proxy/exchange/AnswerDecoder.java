package dev.penstock.proxy.exchange;

import dev.penstock.proxy.generation.AnswerListener;
import io.vertx.core.buffer.Buffer;

/**
 * Decodes the body of a streamed answer, fed in pieces cut anywhere, and tells an {@link
 * AnswerListener} what it says. A protocol's own; knows neither client nor clock.
 */
public interface AnswerDecoder {
  /** Longest line or event in bytes. */
  int MAX_CHUNK_BYTES = 1 << 20;

  /** Reads on; without effect once the answer is over. */
  void feed(Buffer piece);

  /** The body has ended cleanly, which alone is not the end of an answer (sse.md SSE-35). */
  void end();

  /** Chunks read so far, each of at least one token. */
  int chunks();
}
