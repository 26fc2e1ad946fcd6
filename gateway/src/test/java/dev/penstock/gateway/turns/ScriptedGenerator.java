package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.inference.Generator;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A proxy whose every word the test speaks, from its own thread. */
final class ScriptedGenerator implements Generator {
  static final Usage USAGE = new Usage(3, 5, false);
  static final Timings TIMINGS = new Timings(0L, 0L, 1L, 2L, 3L);

  private final BlockingQueue<Script> started = new LinkedBlockingQueue<>();

  @Override
  public Generation start(Span within, GenerationRequest request, Consumer<GenerationEvent> sink) {
    var script = new Script(request, sink, Vertx.currentContext());
    started.add(script);
    return script;
  }

  /** The next generation that was asked for. */
  Script next() throws InterruptedException {
    var script = started.poll(10, TimeUnit.SECONDS);
    if (script == null) {
      throw new AssertionError("no generation was started");
    }
    return script;
  }

  boolean isIdle() {
    return started.isEmpty();
  }

  /** One generation. */
  static final class Script implements Generation {
    private final GenerationRequest request;
    private final Consumer<GenerationEvent> sink;
    private final Context context;
    private volatile boolean cancelled;

    Script(GenerationRequest request, Consumer<GenerationEvent> sink, Context context) {
      this.request = request;
      this.sink = sink;
      this.context = context;
    }

    GenerationRequest request() {
      return request;
    }

    boolean isCancelled() {
      return cancelled;
    }

    Script queued(int position) {
      return say(new GenerationEvent.Queued(new QueuePlace(QueueReason.SLOTS, position, 100)));
    }

    Script started() {
      return say(new GenerationEvent.Started("ollama-1", request.model()));
    }

    Script delta(String... texts) {
      for (var text : texts) {
        say(new GenerationEvent.Delta(text));
      }
      return this;
    }

    void finished() {
      say(new GenerationEvent.Finished(FinishReason.STOP, USAGE, TIMINGS));
    }

    void failed(FailureCode code) {
      say(new GenerationEvent.Failed(Failure.retryAfter(code, "The test says so.", 7000)));
    }

    private Script say(GenerationEvent event) {
      context.runOnContext(
          _ -> {
            if (!cancelled) {
              sink.accept(event);
            }
          });
      return this;
    }

    @Override
    public void pause() {
      throw new AssertionError("a stored turn never pauses its model");
    }

    @Override
    public void resume() {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
