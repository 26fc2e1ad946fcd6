package dev.penstock.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** {@code ./penstock} as a process of its own, started as the launcher starts it. */
final class PenstockProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("http://localhost:(\\d+)$");

  private final Process process;
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final Thread listener;
  private final java.util.concurrent.CompletableFuture<URI> ready =
      new java.util.concurrent.CompletableFuture<>();

  private PenstockProcess(Process process) {
    this.process = process;
    this.listener = Thread.ofVirtual().start(this::listen);
  }

  static PenstockProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  static PenstockProcess start(Map<String, String> environment, String... arguments)
      throws IOException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                Path.of("target/app/lib").toAbsolutePath() + "/*",
                Main.class.getName()));
    command.addAll(List.of(arguments));
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Whatever Ollama this machine has is not this test's.
    builder.environment().put("OLLAMA_URL", "http://127.0.0.1:9");
    builder.environment().putAll(environment);
    return new PenstockProcess(builder.start());
  }

  private void listen() {
    try (var lines = new BufferedReader(process.inputReader(StandardCharsets.UTF_8))) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        var match = READY.matcher(line);
        if (match.find()) {
          ready.complete(URI.create("http://localhost:" + match.group(1)));
        }
      }
      ready.completeExceptionally(new IOException("ended before it was ready: " + said));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** The printed URL; fails with what was said if the process ends before. */
  URI url() throws Exception {
    return ready.get(60, TimeUnit.SECONDS);
  }

  List<String> said() throws InterruptedException {
    if (!process.isAlive()) {
      listener.join(Duration.ofSeconds(5));
    }
    return List.copyOf(said);
  }

  /** As Ctrl-C does. */
  void interrupt() throws IOException, InterruptedException {
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).inheritIO().start().waitFor();
  }

  /** As kill -9 does. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  int exitCode(Duration within) throws InterruptedException {
    if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError("still running after " + within + ": " + said);
    }
    return process.exitValue();
  }

  @Override
  public void close() throws InterruptedException {
    if (process.isAlive()) {
      process.destroy();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    }
  }
}
