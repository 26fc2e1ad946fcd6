package dev.penstock.bench.authentication;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.penstock.bench.load.Answers;
import dev.penstock.bench.load.SteadyClient;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Other people's answers of one token, alone and while somebody tries 100,000 wrong keys a minute,
 * in windows that alternate.
 */
final class Guesses {
  private static final int PAIRS = 5;
  private static final int WARM_UP_MS = 15_000;
  private static final int SETTLE_MS = 500;
  private static final int OTHERS_PER_SECOND = 200;
  private static final int GUESSES_PER_SECOND = 100_000 / 60 + 1;
  private static final int CONNECTIONS = 64;
  private static final String LOOK_UP = "http_route=\"/keys/";

  private final Stack stack;
  private final String key;
  private final int windowMillis;
  private final PrintStream out;
  private final List<Pair> pairs = new ArrayList<>();

  private record Window(Answers others, Answers guesses, long lookUps) {}

  private record Pair(Window alone, Window guessed) {
    double added(double share) {
      return guessed.others.latency.quantile(share) - alone.others.latency.quantile(share);
    }
  }

  Guesses(Stack stack, String key, int windowMillis, PrintStream out) {
    this.stack = stack;
    this.key = key;
    this.windowMillis = windowMillis;
    this.out = out;
  }

  void run() throws InterruptedException, IOException {
    var port = stack.port("gateway");
    var answer = answer();
    try (var others = new SteadyClient(port, CONNECTIONS, OTHERS_PER_SECOND, () -> answer);
        var guesses = new SteadyClient(port, CONNECTIONS, GUESSES_PER_SECOND, Guesses::guess)) {
      others.start();
      guesses.start();
      TimeUnit.MILLISECONDS.sleep(WARM_UP_MS);
      if (lookUps() == 0) {
        throw new IllegalStateException("session-service does not count the good key's look-up");
      }
      for (var n = 1; n <= PAIRS; n++) {
        System.err.printf("pair %d of %d%n", n, PAIRS);
        guesses.stop();
        var alone = window(others, guesses);
        guesses.start();
        pairs.add(new Pair(alone, window(others, guesses)));
      }
    }
    print();
  }

  private Window window(SteadyClient others, SteadyClient guesses)
      throws InterruptedException, IOException {
    TimeUnit.MILLISECONDS.sleep(SETTLE_MS);
    others.take();
    guesses.take();
    var before = lookUps();
    TimeUnit.MILLISECONDS.sleep(windowMillis);
    return new Window(expect(200, others.take()), expect(401, guesses.take()), lookUps() - before);
  }

  private static Answers expect(int status, Answers answers) {
    if (answers.lost() > 0 || !Set.of(status).containsAll(answers.statuses().keySet())) {
      throw new IllegalStateException(
          "expected %d alone but got %s and lost %d"
              .formatted(status, answers.statuses(), answers.lost()));
    }
    return answers;
  }

  /** Keys that session-service was asked for so far. */
  private long lookUps() throws IOException {
    var page = URI.create("http://127.0.0.1:" + stack.metricsPort() + "/metrics").toURL();
    try (var in = page.openStream()) {
      return new String(in.readAllBytes(), US_ASCII)
          .lines()
          .filter(line -> line.startsWith("http_server_request_duration_seconds_count"))
          .filter(line -> line.contains(LOOK_UP))
          .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }

  private byte[] answer() {
    var json =
        "{\"model\":\"bench:1b\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + new Order(1, 0).prompt()
            + "\"}]}";
    return ("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + key
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(US_ASCII);
  }

  private static byte[] guess() {
    return ("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer "
            + BenchKeys.madeUp()
            + "\r\n\r\n")
        .getBytes(US_ASCII);
  }

  private void print() {
    out.printf(
        Locale.ROOT,
        "%nAnswers of one token, %d a second, alone and beside %,d wrong keys a second, %d"
            + " alternating windows of %d s each, us%n",
        OTHERS_PER_SECOND,
        GUESSES_PER_SECOND,
        PAIRS,
        windowMillis / 1_000);
    out.printf("  %-6s %10s %10s %10s %24s%n", "", "alone", "beside", "added", "[least - most]");
    row("p50", 0.50, "");
    row("p99", 0.99, "<= 2000");
    var wrong = pairs.stream().mapToLong(each -> each.guessed.guesses.latency.total()).sum();
    out.printf(
        Locale.ROOT,
        "  %,d wrong keys (%,.0f a minute), all answered 401; p99 of their answers %,.0f us%n",
        wrong,
        wrong * 60_000.0 / windowMillis / PAIRS,
        median(pairs.stream().map(each -> each.guessed.guesses.latency.quantile(0.99)).toList()));
    out.printf(
        "  keys looked up in session-service: %d alone, %d beside wrong keys (the good one, once in"
            + " 30 s)%n",
        pairs.stream().mapToLong(each -> each.alone.lookUps).sum(),
        pairs.stream().mapToLong(each -> each.guessed.lookUps).sum());
  }

  private void row(String title, double share, String bar) {
    var added = pairs.stream().map(each -> each.added(share)).sorted().toList();
    out.printf(
        Locale.ROOT,
        "  %-6s %,10.0f %,10.0f %+,10.0f %24s  %s%n",
        title,
        median(pairs.stream().map(each -> each.alone.others.latency.quantile(share)).toList()),
        median(pairs.stream().map(each -> each.guessed.others.latency.quantile(share)).toList()),
        median(added),
        "[%+,.0f - %+,.0f]".formatted(added.getFirst(), added.getLast()),
        bar);
  }

  /** Of an odd number. */
  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
