package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.inference.Generation;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A generation that is counted while it runs. A token costs one addition and one comparison; the
 * grant is asked when the budget is used up, and settled once, before the last event is passed on:
 * who sees the end may ask again. Confined to one event loop.
 */
final class GrantedGeneration implements Generation {
  private static final Timings UNTIMED = new Timings(null, null, null, null, null);
  private static final long MILLI = 1_000_000;

  private final Grant grant;
  private final long prompt;
  private final Consumer<GenerationEvent> sink;
  private @Nullable Generation generation;
  private long budget;
  private long told;
  private long startedAt;
  private boolean started;
  private boolean over;

  /**
   * @param prompt tokens of the prompt, as far as we can tell
   * @param budget tokens the answer may have before more are asked for
   */
  GrantedGeneration(Grant grant, long prompt, long budget, Consumer<GenerationEvent> sink) {
    this.grant = grant;
    this.prompt = prompt;
    this.budget = budget;
    this.sink = sink;
  }

  void of(Generation begun) {
    generation = begun;
  }

  void heard(GenerationEvent event) {
    if (over) {
      return;
    }
    switch (event) {
      case GenerationEvent.Queued _ -> sink.accept(event);
      case GenerationEvent.Started _ -> {
        begin();
        sink.accept(event);
      }
      case GenerationEvent.Delta(var text) -> piece(text.length(), event);
      case GenerationEvent.Scored(var text, _) -> piece(text.length(), event);
      case GenerationEvent.Thought(var text) -> piece(text.length(), event);
      case GenerationEvent.Called(var calls) ->
          piece(calls.stream().mapToInt(call -> call.arguments().length()).sum(), event);
      case GenerationEvent.Finished(_, var usage, var timings) -> {
        over = true;
        grant.settle(usage, gpuMs(timings));
        sink.accept(event);
      }
      case GenerationEvent.Failed(var failure) -> {
        over = true;
        if (told == 0 && failure.code().refusesAtTheDoor()) {
          grant.giveBack();
        } else {
          settle();
        }
        sink.accept(event);
      }
    }
  }

  @Override
  public void pause() {
    if (generation != null) {
      generation.pause();
    }
  }

  @Override
  public void resume() {
    if (generation != null) {
      generation.resume();
    }
  }

  @Override
  public void cancel() {
    if (!over) {
      over = true;
      settle();
    }
    stop();
  }

  private void begin() {
    if (!started) {
      started = true;
      startedAt = grant.now();
    }
  }

  private void piece(int chars, GenerationEvent event) {
    if (told >= budget) {
      var more = grant.more();
      budget += more;
      if (more == 0) {
        cut();
        return;
      }
    }
    if (told == 0) {
      begin();
    }
    told += PromptEstimate.ofPiece(chars);
    sink.accept(event);
  }

  /** The caller's budget is used up: no more GPU time for it. */
  private void cut() {
    over = true;
    stop();
    grant.exhaust();
    settle();
    sink.accept(new GenerationEvent.Finished(FinishReason.LENGTH, usage(), UNTIMED));
  }

  private void settle() {
    grant.settle(usage(), sinceStarted());
  }

  /** Our own count (turns.md T-40); a generation that never started had no prompt read. */
  private Usage usage() {
    return new Usage(started ? Math.toIntExact(prompt) : 0, Math.toIntExact(told), true);
  }

  private long gpuMs(Timings timings) {
    var prefill = timings.prefillMs();
    var decode = timings.decodeMs();
    return prefill == null && decode == null
        ? sinceStarted()
        : (prefill == null ? 0 : prefill) + (decode == null ? 0 : decode);
  }

  private long sinceStarted() {
    return started ? (grant.now() - startedAt) / MILLI : 0;
  }

  private void stop() {
    if (generation != null) {
      generation.cancel();
    }
  }
}
