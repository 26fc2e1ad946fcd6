package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What recording costs per token: the same paced streams through services that record and through
 * ones that do not, in turn. Both run all the time, so that neither is colder than the other.
 */
final class Recorders {
  private static final int ROUNDS = 12;
  private static final int WARM_UPS = 3;

  /** Few enough for services that have just started. */
  private static final int WARM_UP_STREAMS = 30;

  private static final double BAR_PERCENT = 3;
  private static final List<Route> ROUTES = List.of(Route.STATELESS, Route.STORED);
  private static final List<String> PROCESSES = List.of("gateway", "inference-proxy");

  private final Stack stack;
  private final LoadClient client;
  private final Sessions sessions;
  private final Pace pace;
  private final Map<String, Paired> results = new TreeMap<>();

  Recorders(Stack stack, LoadClient client, Sessions sessions, Pace pace) {
    this.stack = stack;
    this.client = client;
    this.sessions = sessions;
    this.pace = pace;
  }

  void run(PrintStream out) throws InterruptedException {
    for (var round = 1 - WARM_UPS; round <= ROUNDS; round++) {
      System.err.printf("round %d of %d%n", round, ROUNDS);
      for (var route : ROUTES) {
        // Who comes first alternates too.
        var first = round % 2 == 0 ? "" : Stack.UNMEASURED;
        var second = round % 2 == 0 ? Stack.UNMEASURED : "";
        var streams = round > 0 ? Rounds.STREAMS : WARM_UP_STREAMS;
        var one = paced(route, first, streams);
        var other = paced(route, second, streams);
        if (round > 0) {
          var on = first.isEmpty() ? one : other;
          var off = first.isEmpty() ? other : one;
          on.forEach(
              (name, micros) ->
                  results
                      .computeIfAbsent(name, _ -> new Paired())
                      .add(micros, off.getOrDefault(name, Double.NaN)));
        }
      }
    }
    print(out);
  }

  private Map<String, Double> paced(Route route, String suffix, int streams)
      throws InterruptedException {
    var millis = pace.rampMillis() + pace.settleMillis() + pace.windowMillis() + 300;
    var order = new Order(millis * 1_000 / Rounds.EVERY_MICROS, Rounds.EVERY_MICROS);
    if (route == Route.STORED) {
      sessions.provide(streams);
    }
    var running =
        client.start(
            new Load(
                stack.port("gateway" + suffix),
                streams,
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

  private void print(PrintStream out) {
    out.printf(
        "%nCPU per token with recording on and off, %d streams x %d tokens/s, %d alternating"
            + " runs, us%n",
        Rounds.STREAMS, 1_000_000 / Rounds.EVERY_MICROS, ROUNDS);
    out.printf("  %-36s %8s %8s  %8s  %s%n", "", "off", "on", "median", "95 % of the median");
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
