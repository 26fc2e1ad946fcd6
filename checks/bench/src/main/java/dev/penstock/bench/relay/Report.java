package dev.penstock.bench.relay;

import java.io.PrintStream;
import java.util.Locale;

/** The tables of a run: medians, their spread, the ratio to nginx, and the bar beside. */
final class Report {
  private static final String ROW = "  %-36s %10s  %-19s %8s  %s%n";

  private final Samples samples;
  private final PrintStream out;

  Report(Samples samples, PrintStream out) {
    this.samples = samples;
    this.out = out;
  }

  void print() {
    perToken();
    perTurn();
    firstToken("kept");
    firstToken("fresh");
    latency();
    memory();
    burst();
    var foreign = 0.0;
    for (var route : Route.HOPS) {
      foreign = Math.max(foreign, samples.of("foreign cores", route.title()).median());
    }
    out.printf(
        Locale.ROOT,
        "%nOthers kept up to %.2f cores busy meanwhile (median of the noisiest route);"
            + " above 0.15 read ratios, not absolutes.%n",
        foreign);
  }

  /** What the gateway costs in each protocol, as a ratio to our own. */
  void printProtocols() {
    head(
        "CPU of the gateway per token, %d streams x %d tokens/s, us"
            .formatted(Rounds.STREAMS, 1_000_000 / Rounds.EVERY_MICROS),
        "native");
    var ours = samples.of("cpu/token", Rounds.subject(Route.STORED, "gateway")).median();
    for (var route : Route.PROTOCOLS) {
      var value = samples.of("cpu/token", Rounds.subject(route, "gateway"));
      row(route.title(), value, ours, route == Route.STORED ? "" : "<= 1.15 x");
    }
  }

  private void perToken() {
    head(
        "CPU per token, %d streams x %d tokens/s, us"
            .formatted(Rounds.STREAMS, 1_000_000 / Rounds.EVERY_MICROS));
    processes("cpu/token", "<= 1.6 x", "<= 2.2 x");
  }

  private void perTurn() {
    head("CPU per answer of one token, us");
    processes("cpu/answer", "", "");
    var turn = 0.0;
    for (var process : new String[] {"gateway", "inference-proxy", "session-service"}) {
      var subject = Rounds.subject(Route.STORED, process);
      turn +=
          samples.of("cpu/answer", subject).median() - samples.of("cpu/token", subject).median();
    }
    out.printf(
        Locale.ROOT,
        ROW,
        "a stored turn besides its tokens",
        number(turn),
        "",
        "",
        "<= 1000 (gateway, proxy and session-service together)");
    for (var route : Route.HOPS) {
      row(route.title() + ", answers/s", "answers/s", route.title(), "");
    }
  }

  private void firstToken(String kind) {
    head(
        "First token over direct, %d streams, %s connections, us"
            .formatted(Rounds.FIRST_TOKEN_READERS, kind));
    for (var share : new String[] {"p50", "p99"}) {
      for (var route : Route.HOPS) {
        var bar =
            switch (route) {
              case STATELESS -> share.equals("p50") ? "<= 1000" : "<= 5000";
              case STORED -> share.equals("p50") ? "<= 4000" : "<= 15000";
              default -> "";
            };
        added(share, "first token " + share + " " + kind, route, bar);
      }
    }
  }

  private void latency() {
    head("Each token over direct, us");
    for (var measure : new String[] {"latency p50", "latency p99", "gap p99"}) {
      for (var route : Route.HOPS) {
        added(measure, measure, route, "");
      }
    }
  }

  private void memory() {
    head(
        "Memory per open stream, %d streams, KiB (resident; of a JVM's heap what lives)"
            .formatted(Memory.STREAMS));
    processes("kib/stream", "", "");
    head("In use with %d streams open, MiB".formatted(Memory.STREAMS));
    processes("mib", "", "");
  }

  private void burst() {
    head("Burst: 16 streams as fast as they go");
    for (var route : Route.HOPS) {
      row(route.title() + ", tokens/s", "burst tokens/s", route.title(), "");
    }
    processes("burst cpu/token", "", "");
  }

  private void processes(String measure, String proxyBar, String gatewayBar) {
    for (var route : Route.HOPS) {
      for (var process : route.measured()) {
        var bar =
            route == Route.PROXY
                ? proxyBar
                : route == Route.STORED && process.equals("gateway") ? gatewayBar : "";
        row(route.title() + ": " + process, measure, Rounds.subject(route, process), bar);
      }
    }
  }

  private void row(String title, String measure, String subject, String bar) {
    row(title, samples.of(measure, subject), samples.of(measure, nginx(measure)).median(), bar);
  }

  private void row(String title, Samples.Spread value, double base, String bar) {
    out.printf(
        Locale.ROOT,
        ROW,
        title,
        number(value.median()),
        "[" + number(value.least()) + " - " + number(value.most()) + "]",
        "%.2f x".formatted(value.median() / base),
        bar);
  }

  private void added(String title, String measure, Route route, String bar) {
    var base = route == Route.DIRECT ? 0 : samples.of(measure, Route.DIRECT.title()).median();
    var value = samples.of(measure, route.title());
    var nginx =
        samples.of(measure, Route.NGINX.title()).median()
            - samples.of(measure, Route.DIRECT.title()).median();
    out.printf(
        Locale.ROOT,
        ROW,
        title + " " + route.title() + (route == Route.DIRECT ? " (whole)" : ""),
        number(value.median() - base),
        "[" + number(value.least() - base) + " - " + number(value.most() - base) + "]",
        route == Route.DIRECT ? "" : "%.2f x".formatted((value.median() - base) / nginx),
        bar);
  }

  private static String nginx(String measure) {
    return measure.contains("cpu") || measure.contains("ib")
        ? Rounds.subject(Route.NGINX, "nginx")
        : Route.NGINX.title();
  }

  private void head(String title) {
    head(title, "nginx");
  }

  private void head(String title, String base) {
    out.printf("%n%s%n", title);
    out.printf(ROW, "", "median", "[least - most]", base, "bar");
  }

  private static String number(double value) {
    return value < 100 && value > -100 ? "%.1f".formatted(value) : "%,.0f".formatted(value);
  }
}
