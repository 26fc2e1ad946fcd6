package dev.penstock.bench.relay;

import dev.penstock.bench.load.Load;
import dev.penstock.bench.load.LoadClient;
import dev.penstock.bench.process.Stack;
import dev.penstock.bench.token.Order;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Readers that take the first token and stop: what they cost in memory, second by second, and
 * whether the model goes on for them. Stored turns must end however many readers stand still;
 * stateless ones are cut off after half a minute.
 */
final class Stalled {
  private static final int SECONDS = 40;
  private static final int STEP = 5;
  private static final int SETTLED_AT = 10;

  /** More text than may wait for one reader, so that the model is held back within seconds. */
  private static final int STATELESS_TOKENS = 20_000;

  /** A stored turn's text is kept whole: it ends within seconds, and then nothing may grow. */
  private static final int STORED_TOKENS = 5_000;

  private static final int RAMP_MS = 3_000;

  private final Stack stack;
  private final LoadClient client;
  private final Sessions sessions;
  private final PrintStream out;

  Stalled(Stack stack, LoadClient client, Sessions sessions, PrintStream out) {
    this.stack = stack;
    this.client = client;
    this.sessions = sessions;
    this.out = out;
  }

  void run(int readers) throws InterruptedException, IOException {
    for (var route : List.of(Route.STATELESS, Route.STORED)) {
      run(route, readers);
    }
  }

  private void run(Route route, int readers) throws InterruptedException, IOException {
    if (route == Route.STORED) {
      sessions.provide(readers);
    }
    var tokens = route == Route.STORED ? STORED_TOKENS : STATELESS_TOKENS;
    var processes = List.of("gateway", "inference-proxy");
    out.printf(
        "%n%,d readers that stop at the first of %,d tokens, sent as fast as they are taken, %s%n",
        readers, tokens, route.title());
    out.printf("  %4s  %14s  %14s  %s%n", "s", "gateway MiB", "proxy MiB", "running at the model");
    var running =
        client.start(
            new Load(
                stack.port(route.entry()),
                readers,
                RAMP_MS,
                1,
                false,
                true,
                tokens,
                Requests.on(route, new Order(tokens, 0), sessions::unused)));
    var curves = new ArrayList<double[]>();
    var began = System.nanoTime();
    for (var second = 0; second <= SECONDS; second += STEP) {
      var wait = TimeUnit.SECONDS.toNanos(second) - (System.nanoTime() - began);
      TimeUnit.NANOSECONDS.sleep(Math.max(0, wait));
      var used =
          processes.stream().mapToDouble(name -> stack.watched(name).usedKib() / 1024.0).toArray();
      curves.add(used);
      out.printf(
          Locale.ROOT, "  %4d  %14.1f  %14.1f  %s%n", second, used[0], used[1], backendLoad());
    }
    for (var at = 0; at < processes.size(); at++) {
      var place = at;
      var settled = curves.get(SETTLED_AT / STEP)[place];
      var most =
          curves.stream().skip(SETTLED_AT / STEP).mapToDouble(each -> each[place]).max().orElse(0);
      out.printf(
          Locale.ROOT,
          "  %s after %d s: %+.1f %% at most (bar: 10 %%)%n",
          processes.get(place),
          SETTLED_AT,
          100 * (most / settled - 1));
    }
    out.printf("  running at the model at the end: %s (bar: 0)%n", backendLoad());
    running.abandon();
    TimeUnit.SECONDS.sleep(2);
  }

  private String backendLoad() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), stack.port("backend"))) {
      socket
          .getOutputStream()
          .write(
              "GET /load HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      var answer = new byte[1024];
      var length = socket.getInputStream().read(answer);
      var text = new String(answer, 0, length, StandardCharsets.US_ASCII);
      return text.substring(text.lastIndexOf('\n') + 1);
    }
  }
}
