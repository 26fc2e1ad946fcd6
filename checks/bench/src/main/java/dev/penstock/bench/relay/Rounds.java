package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.load.Measured;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.util.concurrent.TimeUnit;

/** The measurements of one run: each round takes every route in turn, so that noise hits all. */
final class Rounds {
  static final int STREAMS = 200;
  static final int EVERY_MICROS = 50_000;
  static final int FIRST_TOKEN_READERS = 20;
  private static final int FIRST_TOKEN_TOKENS = 20;
  private static final int FIRST_TOKEN_EVERY_MICROS = 5_000;
  private static final int TURN_READERS = 16;
  private static final int BURST_STREAMS = 16;
  private static final int WARM_UPS = 3;
  private static final int ROUND_SESSIONS = 2_000;
  private static final int END_LIMIT_MS = 20_000;

  private final Stack stack;
  private final LoadClient client;
  private final Sessions sessions;
  private final Pace pace;
  private final Samples samples;

  Rounds(Stack stack, LoadClient client, Sessions sessions, Pace pace, Samples samples) {
    this.stack = stack;
    this.client = client;
    this.sessions = sessions;
    this.pace = pace;
    this.samples = samples;
  }

  /** Takes every route once without counting, so that nothing cold is measured. */
  void warmUp() throws InterruptedException {
    sessions.provideRound(ROUND_SESSIONS);
    var ignored = new Rounds(stack, client, sessions, Pace.WARM_UP, new Samples());
    for (var n = 0; n < WARM_UPS; n++) {
      for (var route : Route.HOPS) {
        ignored.answers(route);
        ignored.firstToken(route, false);
        ignored.burst(route);
      }
    }
  }

  /** Keeps one route under paced streams, for a profiler. */
  void hold(Route route, int seconds) throws InterruptedException {
    var order = new Order(seconds * 1_000_000 / EVERY_MICROS, EVERY_MICROS);
    end(route, start(route, order, STREAMS, pace.rampMillis(), 1, false), seconds * 1_000);
  }

  /** One round. */
  void run() throws InterruptedException {
    for (var route : Route.HOPS) {
      paced(route);
    }
    for (var fresh : new boolean[] {false, true}) {
      for (var route : Route.HOPS) {
        firstToken(route, fresh);
      }
    }
    for (var route : Route.HOPS) {
      answers(route);
    }
    for (var route : Route.HOPS) {
      burst(route);
    }
  }

  /** One round of the protocols, paced streams alone. */
  void runProtocols() throws InterruptedException {
    for (var route : Route.PROTOCOLS) {
      paced(route);
    }
  }

  private void paced(Route route) throws InterruptedException {
    var millis = pace.rampMillis() + pace.settleMillis() + pace.windowMillis() + 300;
    var order = new Order(millis * 1_000 / EVERY_MICROS, EVERY_MICROS);
    var running = start(route, order, STREAMS, pace.rampMillis(), 1, false);
    TimeUnit.MILLISECONDS.sleep(pace.rampMillis() + pace.settleMillis());
    var window = measure(running, pace.windowMillis());
    var measured = end(route, running, 0);
    for (var process : route.measured()) {
      samples.add("cpu/token", subject(route, process), window.of(process) / measured.tokens());
    }
    samples.add("foreign cores", route.title(), window.foreignCores());
    samples.add("latency p50", route.title(), measured.latency.quantile(0.50));
    samples.add("latency p99", route.title(), measured.latency.quantile(0.99));
    samples.add("gap p99", route.title(), measured.gap.quantile(0.99));
  }

  private void firstToken(Route route, boolean fresh) throws InterruptedException {
    var order = new Order(FIRST_TOKEN_TOKENS, FIRST_TOKEN_EVERY_MICROS);
    var running = start(route, order, FIRST_TOKEN_READERS, 100, Integer.MAX_VALUE, fresh);
    TimeUnit.MILLISECONDS.sleep(250);
    measure(running, pace.firstTokenMillis());
    var measured = end(route, running, 0);
    var kind = fresh ? "fresh" : "kept";
    samples.add("first token p50 " + kind, route.title(), measured.firstToken.quantile(0.50));
    samples.add("first token p99 " + kind, route.title(), measured.firstToken.quantile(0.99));
  }

  /** Answers of one token, back to back. */
  private void answers(Route route) throws InterruptedException {
    var running = start(route, new Order(1, 0), TURN_READERS, 20, Integer.MAX_VALUE, false);
    TimeUnit.MILLISECONDS.sleep(150);
    var window = measure(running, pace.turnMillis());
    var measured = end(route, running, 0);
    for (var process : route.measured()) {
      samples.add("cpu/answer", subject(route, process), window.of(process) / measured.streams());
    }
    samples.add("answers/s", route.title(), measured.streams() * 1_000.0 / pace.turnMillis());
  }

  private void burst(Route route) throws InterruptedException {
    provide(route, BURST_STREAMS);
    var window = Window.open(stack);
    var begun = System.nanoTime();
    var running = start(route, new Order(pace.burstTokens(), 0), BURST_STREAMS, 0, 1, false);
    running.measured().start();
    var measured = end(route, running, 0);
    var seconds = (System.nanoTime() - begun) / 1e9;
    window.close();
    samples.add("burst tokens/s", route.title(), measured.tokens() / seconds);
    for (var process : route.measured()) {
      samples.add(
          "burst cpu/token", subject(route, process), window.of(process) / measured.tokens());
    }
  }

  private Window measure(LoadClient.Running running, int millis) throws InterruptedException {
    var window = Window.open(stack);
    running.measured().start();
    TimeUnit.MILLISECONDS.sleep(millis);
    running.measured().stop();
    window.close();
    return window;
  }

  private LoadClient.Running start(
      Route route, Order order, int readers, int ramp, int streams, boolean fresh) {
    var once = streams == 1;
    if (once) {
      provide(route, readers);
    }
    return client.start(
        new Load(
            stack.port(route.entry()),
            readers,
            ramp,
            streams,
            fresh,
            false,
            order.tokens(),
            Requests.on(route, order, once ? sessions::unused : sessions::ofRound)));
  }

  private void provide(Route route, int wanted) {
    if (route == Route.STORED) {
      sessions.provide(wanted);
    }
  }

  /** Waits for the streams; a benchmark of wrong answers would be worth nothing. */
  static Measured end(Route route, LoadClient.Running running, int millis)
      throws InterruptedException {
    running.stop();
    var ended = running.await(END_LIMIT_MS + millis);
    if (!ended) {
      running.abandon();
    }
    var measured = running.measured();
    if (!ended || measured.failed() > 0 || measured.torn() > 0) {
      throw new IllegalStateException(
          "%s: %d streams failed, %d lost or repeated tokens%s. %s"
              .formatted(
                  route.title(),
                  measured.failed(),
                  measured.torn(),
                  ended ? "" : ", others did not end",
                  measured.firstFailure()));
    }
    return measured;
  }

  static String subject(Route route, String process) {
    return route.title() + "/" + process;
  }
}
