package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.util.concurrent.TimeUnit;

/** Memory that open streams cost, measured once after the rounds, with slow streams. */
final class Memory {
  static final int STREAMS = 1_000;
  private static final int TOKENS = 6;
  private static final int EVERY_MICROS = 1_000_000;
  private static final int RAMP_MS = 1_000;
  private static final int SETTLE_MS = 2_500;
  private static final int END_LIMIT_MS = 30_000;

  private Memory() {}

  /** Adds {@code kib/stream} of each process on the way, and its {@code mib}. */
  static void measure(
      Stack stack, LoadClient client, Sessions sessions, Route route, Samples samples)
      throws InterruptedException {
    var order = new Order(TOKENS, EVERY_MICROS);
    if (route == Route.STORED) {
      sessions.provide(STREAMS);
    }
    var before = route.measured().stream().map(name -> stack.watched(name).usedKib()).toList();
    var running =
        client.start(
            new Load(
                stack.port(route.entry()),
                STREAMS,
                RAMP_MS,
                1,
                false,
                false,
                TOKENS,
                Requests.on(route, order, sessions::unused)));
    TimeUnit.MILLISECONDS.sleep(RAMP_MS + SETTLE_MS);
    for (var at = 0; at < before.size(); at++) {
      var process = route.measured().get(at);
      var used = stack.watched(process).usedKib();
      var grown = used - before.get(at);
      samples.add("kib/stream", Rounds.subject(route, process), (double) grown / STREAMS);
      samples.add("mib", Rounds.subject(route, process), used / 1024.0);
    }
    running.stop();
    if (!running.await(END_LIMIT_MS)) {
      running.abandon();
    }
  }
}
