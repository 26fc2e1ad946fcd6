package dev.penstock.gateway.turns;

import dev.penstock.kit.metrics.Metrics;

/** What a process holds of turns, as numbers. */
final class TurnGauges {
  private TurnGauges() {}

  static void register(Metrics metrics, TurnRegistry registry, Follower follower, Flusher flusher) {
    metrics.gauge(
        "penstock_gateway_turns_owned",
        "Turns this instance generates, and ended ones that still have readers",
        registry,
        all -> all.all().size());
    metrics.gauge(
        "penstock_gateway_turn_readers",
        "Connections that read turns this instance owns",
        registry,
        all -> all.all().stream().mapToInt(turn -> turn.feed().readers()).sum());
    metrics.gauge(
        "penstock_gateway_turns_followed",
        "Turns read through the token log",
        follower,
        Follower::count);
    metrics.gauge(
        "penstock_gateway_turn_followers",
        "Connections that read followed turns",
        follower,
        Follower::readers);
    metrics.gauge(
        "penstock_gateway_token_log_unflushed_bytes",
        "Text of owned turns that is not in the token log yet",
        registry,
        all -> all.all().stream().mapToInt(turn -> turn.log().unflushedBytes()).sum());
    metrics.gauge(
        "penstock_gateway_token_log_flushing",
        "Whether a flush of the token log is under way",
        flusher,
        now -> now.isFlushing() ? 1 : 0);
    metrics.gauge(
        "penstock_gateway_token_log_polling",
        "Whether a poll of the token log is under way",
        follower,
        now -> now.isPolling() ? 1 : 0);
  }
}
