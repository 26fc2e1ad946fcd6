package dev.penstock.bench.process;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process this one started, on a port of loopback; it alone ends it. */
final class Child implements AutoCloseable {
  private static final long START_LIMIT_MS = 120_000;
  private static final long STOP_LIMIT_S = 10;

  private final String name;
  private final Process process;
  private final int port;
  private final long heapKib;

  private Child(String name, Process process, int port, long heapKib) {
    this.name = name;
    this.process = process;
    this.port = port;
    this.heapKib = heapKib;
  }

  /**
   * Starts it; its output goes to {@code folder/name.log}.
   *
   * @param heapKib as of {@link Watched}
   */
  static Child start(
      String name,
      int port,
      long heapKib,
      List<String> command,
      Map<String, String> environment,
      Path folder) {
    try {
      var builder =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve(name + ".log").toFile())
              .redirectInput(new File("/dev/null"));
      builder.environment().putAll(environment);
      return new Child(name, builder.start(), port, heapKib);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A port that was free a moment ago. */
  static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until its port takes connections. */
  void awaitPort() throws InterruptedException {
    var limit = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_LIMIT_MS);
    while (process.isAlive() && System.nanoTime() < limit) {
      try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (IOException e) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    }
    throw new IllegalStateException(name + " did not start; see its log");
  }

  int port() {
    return port;
  }

  String address() {
    return "http://127.0.0.1:" + port;
  }

  Watched watched() {
    return new Watched(name, process.pid(), heapKib);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_LIMIT_S, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
