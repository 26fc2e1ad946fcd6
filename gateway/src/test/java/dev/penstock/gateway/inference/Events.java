package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Collects what a generation yields. */
final class Events implements Consumer<GenerationEvent> {
  private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();

  @Override
  public void accept(GenerationEvent event) {
    events.add(event);
  }

  GenerationEvent next() throws InterruptedException {
    var next = events.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("no event came");
    }
    return next;
  }

  /** All up to and with the last one. */
  List<GenerationEvent> toTheEnd() throws InterruptedException {
    var all = new ArrayList<GenerationEvent>();
    do {
      all.add(next());
    } while (!(all.getLast() instanceof GenerationEvent.Finished)
        && !(all.getLast() instanceof GenerationEvent.Failed));
    return all;
  }

  Failure failure() throws InterruptedException {
    return ((GenerationEvent.Failed) toTheEnd().getLast()).failure();
  }

  int waiting() {
    return events.size();
  }
}
