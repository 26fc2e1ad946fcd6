package dev.penstock.gateway;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Whether what stands behind the gateway answers, as last seen; shown in {@code /health} and never
 * a reason to take an instance out of traffic. Looks from one event loop, told on any thread.
 */
final class Dependencies {
  private static final System.Logger LOG = System.getLogger(Dependencies.class.getName());
  private static final long LOOK_MS = 5000;

  private final AtomicBoolean watched = new AtomicBoolean();
  private final ModelCatalog models;
  private volatile boolean store;

  Dependencies(ModelCatalog models) {
    this.models = models;
  }

  /** Looks now and then from the first event loop that offers itself. */
  void watchFrom(Vertx vertx, SessionStore sessions) {
    if (watched.compareAndSet(false, true)) {
      look(sessions);
      vertx.setPeriodic(LOOK_MS, _ -> look(sessions));
    }
  }

  private void look(SessionStore sessions) {
    sessions
        .healthy()
        .onSuccess(
            healthy -> {
              if (healthy != store) {
                LOG.log(
                    healthy ? INFO : WARNING,
                    "session-service " + (healthy ? "answers" : "does not answer"));
              }
              store = healthy;
            });
  }

  Map<String, Boolean> states() {
    return Map.of("session-service", store, "inference-proxy", models.reachable());
  }
}
