package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What tracing one request in a hundred costs per token: the same paced streams through services
 * that trace and through ones that do not, in turn. Both run all the time, so that neither is
 * colder than the other.
 */
final class TraceCost {
  private static final int ROUNDS = 12;
  private static final int WARM_UPS = 2;
  private static final double BAR_PERCENT = 3;
  private static final String OFF = "";
  private static final String ON = ", traced";
  private static final List<Route> ROUTES = List.of(Route.STATELESS, Route.STORED);
  private static final List<String> PROCESSES = List.of("gateway", "inference-proxy");

  private final Stack stack;
  private final LoadClient client;
  private final Sessions sessions;
  private final Pace pace;
  private final Map<String, Paired> results = new TreeMap<>();

  TraceCost(Stack stack, LoadClient client, Sessions sessions, Pace pace) {
    this.stack = stack;
    this.client = client;
    this.sessions = sessions;
    this.pace = pace;
  }

  void run(PrintStream out) throws InterruptedException, IOException {
    try (var sink = SpanSink.open()) {
      var traced =
          Map.of(
              "OTEL_EXPORTER_OTLP_ENDPOINT",
              sink.url(),
              "OTEL_TRACES_SAMPLER",
              "parentbased_traceidratio",
              "OTEL_TRACES_SAMPLER_ARG",
              "0.01");
      stack.chain(ON, traced, traced);
      for (var round = 1 - WARM_UPS; round <= ROUNDS; round++) {
        System.err.printf("round %d of %d%n", round, ROUNDS);
        for (var route : ROUTES) {
          pair(route, round);
        }
      }
      print(out, sink.requests());
    }
  }

  /** Who comes first alternates too. */
  private void pair(Route route, int round) throws InterruptedException {
    var onFirst = round % 2 == 0;
    var one = paced(route, onFirst ? ON : OFF);
    var other = paced(route, onFirst ? OFF : ON);
    var on = onFirst ? one : other;
    var off = onFirst ? other : one;
    if (round > 0) {
      on.forEach(
          (name, micros) ->
              results
                  .computeIfAbsent(name, _ -> new Paired())
                  .add(micros, off.getOrDefault(name, Double.NaN)));
    }
  }

  private Map<String, Double> paced(Route route, String suffix) throws InterruptedException {
    var millis = pace.rampMillis() + pace.settleMillis() + pace.windowMillis() + 300;
    var order = new Order(millis * 1_000 / Rounds.EVERY_MICROS, Rounds.EVERY_MICROS);
    if (route == Route.STORED) {
      sessions.provide(Rounds.STREAMS);
    }
    var running =
        client.start(
            new Load(
                stack.port("gateway" + suffix),
                Rounds.STREAMS,
                pace.rampMillis(),
                1,
                false,
                false,
                order.tokens(),
                Requests.on(route, order, sessions::unused)));
    TimeUnit.MILLISECONDS.sleep(pace.rampMillis() + pace.settleMillis());
    var window = Window.open(stack);
    running.measured().start();
    TimeUnit.MILLISECONDS.sleep(pace.windowMillis());
    running.measured().stop();
    window.close();
    var tokens = Rounds.end(route, running, 0).tokens();
    var micros = new TreeMap<String, Double>();
    for (var process : PROCESSES) {
      micros.put(route.title() + ": " + process, window.of(process + suffix) / tokens);
    }
    return micros;
  }

  private void print(PrintStream out, long batches) {
    out.printf(
        "%nCPU per token, traces off and sampled at 1 %% (%d batches of spans sent), %d streams x"
            + " %d tokens/s, %d alternating runs, us%n",
        batches, Rounds.STREAMS, 1_000_000 / Rounds.EVERY_MICROS, ROUNDS);
    out.printf("  %-36s %8s %8s  %8s  %s%n", "", "off", "1 %", "median", "95 % of the median");
    results.forEach(
        (name, paired) ->
            out.printf(
                Locale.ROOT,
                "  %-36s %8.2f %8.2f  %+7.1f %%  [%+.1f - %+.1f] %%  <= %.0f %%%n",
                name,
                paired.off(),
                paired.on(),
                paired.medianPercent(),
                paired.leastPercent(),
                paired.mostPercent(),
                BAR_PERCENT));
  }
}
