package dev.penstock.proxy.generation;

import io.opentelemetry.api.trace.Span;

/**
 * What a {@link Generation} yields, in order: any {@link #thought}s, {@link #delta}s, {@link
 * #scored}s and {@link #called}s, then {@link #broke}, upon which its connection is given up, or
 * {@link #finished} and later {@link #closed}. Called on the event loop that started the
 * generation.
 */
public interface GenerationListener extends AnswerListener {
  /** After {@link #finished}: the model server has ended its response. */
  void closed();

  /** The span its request is a part of; the invalid one outside every trace. */
  default Span span() {
    return Span.getInvalid();
  }
}
