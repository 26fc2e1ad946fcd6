package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import io.opentelemetry.api.trace.Span;
import java.util.function.Consumer;

/** Whoever can start generations from one event loop. */
@FunctionalInterface
public interface Generator {
  /**
   * Starts a generation.
   *
   * @param within the span it is a part of
   * @param sink gets the events on the calling context, in order and never before this returns;
   *     exactly one {@code Finished} or {@code Failed}, last. Refusals and lost connections are
   *     {@code Failed} too.
   */
  Generation start(Span within, GenerationRequest request, Consumer<GenerationEvent> sink);
}
