package dev.penstock.gateway.openai;

import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.inference.Inference;
import dev.penstock.gateway.inference.InferenceConfig;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.limits.Admissions;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.gateway.store.TurnStore;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.kit.drain.Readiness;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The routes of responses alone, where all of them are stored turns: no proxy is behind them. */
public final class StoredResponses {
  private static final AnswerConfig CONFIG = ChatServer.DEFAULTS;

  private StoredResponses() {}

  /** Mounts them. */
  public static void mount(
      Router router, Vertx vertx, Turns turns, TurnStore store, Models models) {
    var nobody =
        new InferenceConfig(
            List.of(URI.create("http://127.0.0.1:1")),
            1,
            1,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    var meter = new GatewayMetrics(new Metrics()).loop();
    var inference = new Inference(vertx, nobody, ServiceIdentity.NONE, meter, Tracing.OFF);
    var answers =
        new Answers(vertx, Admissions.of(inference, models), new Readiness(), CONFIG, meter);
    var generations = new Generations(models, CONFIG);
    var stored = new StoredAnswer(turns);
    var edge = new OpenAiEdge(CONFIG.maxBodyBytes());
    var acceptance = new ResponseAcceptance(turns.instance(), generations, Map.of());
    var items = new ItemFinder(ChatServer.noStore(vertx).items());
    new ResponseRoutes(answers, generations, turns, acceptance, stored, items).mount(router, edge);
    new StoredResponseRoutes(turns, store, stored).mount(router, edge);
  }
}
