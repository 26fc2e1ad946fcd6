package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.load.Measured;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Many streams at once through the whole chain: which share of their tokens arrives in time, and
 * how much heap each of them holds in each process it passes.
 */
final class Streams {
  private static final int TOKENS_PER_SECOND = 20;
  private static final int EVERY_MICROS = 1_000_000 / TOKENS_PER_SECOND;

  /** Each stored stream is an accept, which costs more than its tokens. */
  private static final int RAMP_MS_PER_STREAM = 10;

  private static final int SETTLE_MS = 5_000;
  private static final int WINDOW_MS = 10_000;

  /** Streams that are measured at rest are slow, so that the heap is all that moves. */
  private static final int SLOW_MICROS = 1_000_000;

  /** As long as the collections may take, nothing ends. */
  private static final int COLLECTION_S = 15;

  private static final int END_LIMIT_MS = 60_000;
  private static final List<Route> ROUTES = List.of(Route.STATELESS, Route.STORED);
  private static final List<String> HOPS = List.of("gateway", "inference-proxy");

  private final Stack stack;
  private final LoadClient client;
  private final Sessions sessions;
  private final PrintStream out;

  Streams(Stack stack, LoadClient client, Sessions sessions, PrintStream out) {
    this.stack = stack;
    this.client = client;
    this.sessions = sessions;
    this.out = out;
  }

  /** Prints what arrives of {@code streams} streams of 20 tokens a second. */
  void deliver(int streams) throws InterruptedException {
    var millis = ramp(streams) + SETTLE_MS + WINDOW_MS + 1_000;
    var order = new Order(millis * TOKENS_PER_SECOND / 1_000, EVERY_MICROS);
    for (var route : ROUTES) {
      var running = start(route, streams, order);
      TimeUnit.MILLISECONDS.sleep(ramp(streams) + SETTLE_MS);
      var window = Window.open(stack);
      var begun = System.nanoTime();
      running.measured().start();
      TimeUnit.MILLISECONDS.sleep(WINDOW_MS);
      running.measured().stop();
      var seconds = (System.nanoTime() - begun) / 1e9;
      window.close();
      var measured = end(running);
      report(route, streams, measured, measured.tokens() / (streams * TOKENS_PER_SECOND * seconds));
      for (var process : route.measured()) {
        out.printf(
            Locale.ROOT,
            "    %-16s %5.2f cores, %5.1f us per token%n",
            process,
            window.of(process) / 1e6 / seconds,
            window.of(process) / measured.tokens());
      }
      out.printf(Locale.ROOT, "    %-16s %5.2f cores%n", "foreign", window.foreignCores());
    }
  }

  private void report(Route route, int streams, Measured measured, double share) {
    out.printf(
        Locale.ROOT,
        "%n%,d streams of %d tokens/s, %s: %.2f %% delivered (bar: 99 %%), %d failed, %d torn%n",
        streams,
        TOKENS_PER_SECOND,
        route.title(),
        100 * share,
        measured.failed(),
        measured.torn());
    out.printf(
        Locale.ROOT,
        "    sent to read     p50 %.1f ms, p99 %.1f ms%n",
        measured.latency.quantile(0.50) / 1_000,
        measured.latency.quantile(0.99) / 1_000);
  }

  /** Prints the live heap that each of {@code streams} slow streams holds, after a collection. */
  void weigh(int streams) throws InterruptedException {
    for (var route : ROUTES) {
      // The first streams of a process bring pools and caches that stay.
      hold(route, streams / 4);
      var before = heaps();
      var held = hold(route, streams);
      out.printf(Locale.ROOT, "%n%,d open streams, %s (bar: 40 KiB)%n", held.open, route.title());
      for (var hop : HOPS) {
        var grown = held.heaps.getOrDefault(hop, 0L) - before.getOrDefault(hop, 0L);
        out.printf(
            Locale.ROOT,
            "    %-16s %6.1f KiB of heap per stream%n",
            hop,
            grown / (double) held.open);
      }
    }
  }

  /**
   * What was held.
   *
   * @param open streams; those that were refused hold nothing
   */
  private record Held(int open, Map<String, Long> heaps) {}

  private Held hold(Route route, int streams) throws InterruptedException {
    var seconds = (ramp(streams) + SETTLE_MS) / 1_000 + COLLECTION_S;
    var running = start(route, streams, new Order(seconds, SLOW_MICROS));
    TimeUnit.MILLISECONDS.sleep(ramp(streams) + SETTLE_MS);
    var heaps = heaps();
    var measured = end(running);
    if (measured.torn() > 0 || measured.failed() > streams / 2) {
      throw new IllegalStateException(
          measured.failed() + " failed, " + measured.torn() + " torn: " + measured.firstFailure());
    }
    return new Held(streams - (int) measured.failed(), heaps);
  }

  private Map<String, Long> heaps() {
    var heaps = new HashMap<String, Long>();
    for (var hop : HOPS) {
      heaps.put(hop, stack.watched(hop).liveHeapKib());
    }
    return heaps;
  }

  private static int ramp(int streams) {
    return Math.max(5_000, streams * RAMP_MS_PER_STREAM);
  }

  private LoadClient.Running start(Route route, int streams, Order order) {
    if (route == Route.STORED) {
      sessions.provide(streams);
    }
    return client.start(
        new Load(
            stack.port(route.entry()),
            streams,
            ramp(streams),
            1,
            false,
            false,
            order.tokens(),
            Requests.on(route, order, sessions::unused)));
  }

  private static Measured end(LoadClient.Running running) throws InterruptedException {
    running.stop();
    if (!running.await(END_LIMIT_MS)) {
      running.abandon();
      throw new IllegalStateException("some streams did not end");
    }
    return running.measured();
  }
}
