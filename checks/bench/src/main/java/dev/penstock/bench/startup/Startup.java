package dev.penstock.bench.startup;

import dev.penstock.bench.command.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code checks/bench/startup}: milliseconds from typing {@code ./penstock} to a healthy answer,
 * built and with its database made; the first start, which makes it, is told apart.
 */
@Command(
    name = "checks/bench/startup",
    description = "How long ./penstock takes to answer /health.")
public final class Startup extends Program {
  private static final long LIMIT_S = 120;
  private static final long POLL_MS = 5;

  @Parameters(
      arity = "0..1",
      paramLabel = "STARTS",
      defaultValue = "5",
      description = "how often it is started (default: 5)")
  private int starts;

  private Startup() {}

  /** Runs it. */
  public static void main(String... arguments) {
    run(new Startup(), arguments);
  }

  @Override
  protected void measure(Path root) throws Exception {
    var data = root.resolve("checks/bench/target/startup");
    Files.createDirectories(data);
    System.out.printf("first start in this folder: %,d ms%n", start(root, data));
    var all = new ArrayList<Long>();
    for (var n = 0; n < starts; n++) {
      all.add(start(root, data));
      System.out.printf("start %d: %,d ms%n", n + 1, all.getLast());
    }
    Collections.sort(all);
    System.out.printf(
        "median %,d ms [%,d - %,d]   bar: <= 2,500 ms%n",
        all.get(all.size() / 2), all.getFirst(), all.getLast());
  }

  private static long start(Path root, Path data) throws IOException, InterruptedException {
    var port = freePort();
    var begun = System.nanoTime();
    var process =
        new ProcessBuilder(
                root.resolve("penstock").toString(),
                "--port",
                Integer.toString(port),
                "--data",
                data.toString())
            .redirectErrorStream(true)
            .redirectOutput(data.resolveSibling("startup.log").toFile())
            .start();
    try {
      while (!healthy(port)) {
        if (!process.isAlive() || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LIMIT_S)) {
          throw new IllegalStateException("it did not start; see target/startup.log");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    } finally {
      process.destroy();
      if (!process.waitFor(15, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  static boolean healthy(int port) {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(2_000);
      socket
          .getOutputStream()
          .write(
              "GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      var answer = new String(socket.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
      return answer.equals("HTTP/1.1 200 OK");
    } catch (IOException e) {
      return false; // not listening yet
    }
  }

  static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
