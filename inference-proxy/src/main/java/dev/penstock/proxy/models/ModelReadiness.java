package dev.penstock.proxy.models;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.proxy.admission.Preparation;
import dev.penstock.proxy.generation.ModelTraits;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Knows what is loaded where, has loaded what is not, and probes each model once per load (turns.md
 * T-24, T-39). Confined to the admission's context.
 *
 * <p>What was seen loaded, or answered, a moment ago is taken to be loaded still: asking before
 * each generation would cost a round trip on the way to the first token. Checks and loads run once
 * however many wait for them, and go on when nobody does.
 */
public final class ModelReadiness implements Preparation {
  private static final System.Logger LOG = System.getLogger(ModelReadiness.class.getName());

  private static final long TRUSTED_MS = 10_000;
  private static final long SLOW_ANSWER_MS = 500;
  private static final long FIRST_GUESS_OF_LOAD_MS = 10_000;

  private final Map<String, ModelServer> servers;
  private final Map<Key, Known> known = new HashMap<>();
  private final LongSupplier clock;
  private final Later later;

  private record Key(String upstream, String model) {}

  /** Runs something after a delay, on the admission's context. */
  @FunctionalInterface
  public interface Later {
    void run(long delayMs, Runnable action);
  }

  private static final class Known {
    @Nullable ModelTraits traits;
    @Nullable Integer contextLength;
    @Nullable Future<ModelTraits> check;
    final List<Consumer<QueuePlace>> watchers = new ArrayList<>();
    long confirmedAt = Long.MIN_VALUE / 2;
    long loadingSince;
    boolean loading;
    long lastLoadMs = FIRST_GUESS_OF_LOAD_MS;
  }

  /**
   * Readiness of models on those servers.
   *
   * @param clock monotonic milliseconds
   */
  public ModelReadiness(Map<String, ModelServer> servers, LongSupplier clock, Later later) {
    this.servers = servers;
    this.clock = clock;
    this.later = later;
  }

  @Override
  public Future<ModelTraits> prepare(String upstream, String model, Consumer<QueuePlace> progress) {
    var state = known.computeIfAbsent(new Key(upstream, model), _ -> new Known());
    if (state.traits != null && clock.getAsLong() - state.confirmedAt <= TRUSTED_MS) {
      return Future.succeededFuture(state.traits);
    }
    var check = state.check;
    if (check == null) {
      check = check(server(upstream), model, state);
      state.check = check;
      check.onComplete(_ -> checked(state));
    }
    watch(check, state, progress);
    return check;
  }

  @Override
  public void answered(String upstream, String model) {
    var state = known.get(new Key(upstream, model));
    if (state != null) {
      state.confirmedAt = clock.getAsLong();
    }
  }

  /** Whether the model is being loaded on the upstream. */
  boolean loading(String upstream, String model) {
    var state = known.get(new Key(upstream, model));
    return state != null && state.loading;
  }

  /** What the model can do on the upstream; null before it was loaded once. */
  @Nullable ModelTraits traits(String upstream, String model) {
    var state = known.get(new Key(upstream, model));
    return state == null ? null : state.traits;
  }

  /** Tokens one generation may use; null where not known. */
  @Nullable Integer contextLength(String upstream, String model) {
    var state = known.get(new Key(upstream, model));
    return state == null ? null : state.contextLength;
  }

  private Future<ModelTraits> check(ModelServer server, String model, Known state) {
    return server
        .loaded()
        .compose(
            loaded -> {
              if (!note(loaded, model, state)) {
                return load(server, model, state);
              }
              var traits = state.traits;
              return traits == null ? learn(server, model) : Future.succeededFuture(traits);
            })
        .onSuccess(
            traits -> {
              state.traits = traits;
              state.confirmedAt = clock.getAsLong();
            });
  }

  private static void checked(Known state) {
    state.check = null;
    state.watchers.clear();
  }

  /** Returns whether the model is among the loaded ones. */
  private static boolean note(List<LoadedModel> loaded, String model, Known state) {
    for (var each : loaded) {
      if (ModelName.key(each.id()).equals(ModelName.key(model))) {
        state.contextLength = each.contextLength();
        return true;
      }
    }
    return false;
  }

  private Future<ModelTraits> load(ModelServer server, String model, Known state) {
    var since = clock.getAsLong();
    state.loading = true;
    state.loadingSince = since;
    state.watchers.forEach(watcher -> watcher.accept(place(state)));
    LOG.log(INFO, "loading " + model + " on " + server.name());
    return server
        .load(model)
        .onComplete(
            loaded -> {
              var took = clock.getAsLong() - since;
              state.loading = false;
              state.lastLoadMs = took;
              LOG.log(
                  loaded.succeeded() ? INFO : WARNING,
                  (loaded.succeeded() ? "loaded " : "could not load ")
                      + model
                      + " on "
                      + server.name()
                      + " in "
                      + took
                      + " ms");
            })
        .compose(_ -> learn(server, model))
        .compose(
            traits ->
                server
                    .loaded()
                    .onSuccess(loaded -> note(loaded, model, state))
                    .map(traits)
                    // The context's length is worth knowing, but nothing to fail for.
                    .otherwise(traits));
  }

  private static Future<ModelTraits> learn(ModelServer server, String model) {
    // Where the probe says nothing, the model does not continue (T-24).
    var continues = server.continues(model).recover(unlessGone(false));
    var facts = server.facts(model).recover(unlessGone(ModelFacts.UNKNOWN));
    return Future.all(continues, facts)
        .map(_ -> new ModelTraits(continues.result(), facts.result()));
  }

  private static <T> Function<Throwable, Future<T>> unlessGone(T unknown) {
    return failure ->
        switch (SetbackException.of(failure).kind()) {
          case UNREACHABLE, LOST, NO_SLOT -> Future.failedFuture(failure);
          case FAILED, REJECTED -> Future.succeededFuture(unknown);
        };
  }

  private void watch(Future<ModelTraits> check, Known state, Consumer<QueuePlace> progress) {
    if (state.loading) {
      progress.accept(place(state));
    }
    state.watchers.add(progress);
    later.run(
        SLOW_ANSWER_MS,
        () -> {
          if (!check.isComplete() && !state.loading) {
            progress.accept(place(state));
          }
        });
  }

  private QueuePlace place(Known state) {
    var left = state.lastLoadMs - (state.loading ? clock.getAsLong() - state.loadingSince : 0);
    return new QueuePlace(
        state.loading ? QueueReason.LOADING : QueueReason.STARTING, 1, Math.max(0, left));
  }

  private ModelServer server(String upstream) {
    var server = servers.get(upstream);
    if (server == null) {
      throw new IllegalArgumentException("no upstream is called " + upstream);
    }
    return server;
  }
}
