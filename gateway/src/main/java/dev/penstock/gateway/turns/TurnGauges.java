package dev.penstock.gateway.turns;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.kit.metrics.Metrics;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** What a process holds of turns, as numbers. */
final class TurnGauges {
  /** The dialects whose turns are stored. */
  private static final List<Dialect> STORED =
      List.of(Dialect.NATIVE, Dialect.OPENAI_RESPONSES, Dialect.ADK);

  private final Metrics metrics;

  private TurnGauges(Metrics metrics) {
    this.metrics = metrics;
  }

  static void register(Metrics metrics, TurnRegistry registry, Follower follower, Flusher flusher) {
    var gauges = new TurnGauges(metrics);
    gauges.owned(registry);
    gauges.add(Metric.GATEWAY_TURNS_FOLLOWED, follower, Follower::count);
    gauges.add(Metric.GATEWAY_TURN_FOLLOWERS, follower, Follower::readers);
    gauges.add(Metric.GATEWAY_LOG_FLUSHING, flusher, now -> now.isFlushing() ? 1 : 0);
    gauges.add(Metric.GATEWAY_LOG_POLLING, follower, now -> now.isPolling() ? 1 : 0);
  }

  private void owned(TurnRegistry registry) {
    add(Metric.GATEWAY_TURNS_OWNED, registry, all -> all.all().size());
    add(
        Metric.GATEWAY_TURN_READERS,
        registry,
        all -> all.all().stream().mapToInt(turn -> turn.feed().readers()).sum());
    add(
        Metric.GATEWAY_LOG_UNFLUSHED,
        registry,
        all -> all.all().stream().mapToInt(turn -> turn.log().unflushedBytes()).sum());
    for (var dialect : STORED) {
      add(
          Metric.CHAT_STREAMS_ACTIVE,
          registry,
          all -> detached(all, dialect),
          GatewayMetrics.SERVICE,
          dialect.word(),
          "detached");
    }
  }

  private static double detached(TurnRegistry registry, Dialect dialect) {
    return registry.all().stream()
        .filter(turn -> turn.dialect() == dialect && !turn.isOver() && turn.feed().readers() == 0)
        .mapToDouble(_ -> 1)
        .sum();
  }

  private <T> void add(Metric metric, T subject, ToDoubleFunction<T> value, String... labels) {
    metrics.gauge(metric.id(), metric.help(), subject, value, metric.tags(List.of(labels)));
  }
}
