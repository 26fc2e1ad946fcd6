package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.gateway.inference.Generation;
import dev.penstock.gateway.inference.Generator;
import io.opentelemetry.api.trace.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Generations whose every event the test tells, on its own thread. */
final class ScriptedGenerations implements Generator {
  final List<Script> started = new ArrayList<>();

  @Override
  public Generation start(Span within, GenerationRequest request, Consumer<GenerationEvent> sink) {
    var script = new Script(request, sink);
    started.add(script);
    return script;
  }

  static final class Script implements Generation {
    final GenerationRequest request;
    private final Consumer<GenerationEvent> sink;
    boolean cancelled;

    Script(GenerationRequest request, Consumer<GenerationEvent> sink) {
      this.request = request;
      this.sink = sink;
    }

    void tell(GenerationEvent event) {
      if (!cancelled) {
        sink.accept(event);
      }
    }

    @Override
    public void pause() {}

    @Override
    public void resume() {}

    @Override
    public void cancel() {
      cancelled = true;
    }
  }
}
