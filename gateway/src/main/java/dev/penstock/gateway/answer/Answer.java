package dev.penstock.gateway.answer;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.gateway.inference.Generation;

/**
 * One answer on its way to its client, from the request's acceptance to the end of the response. It
 * owns the generation: whichever way it ends, that is over too. Confined to one event loop.
 */
sealed interface Answer permits StreamedAnswer, WholeAnswer {
  /** It is refused before anything was asked for; nothing else is called. */
  void turnedAway(FailureCode why);

  /** Once, before any event. */
  void begin(Generation generation);

  void accept(GenerationEvent event);

  /** Called ten times per keep-alive interval. */
  void sweep();

  /** About what waits for the client in this process, in bytes. */
  int buffered();

  /** Stops the generation and tells the client of the failure. */
  void breakOff(Failure failure);
}
