import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Trains the start-up caches of the services' images: starts them as their images do, with a
 * database and a simulated model, talks to the gateway, and stops them; each JVM then writes its
 * cache (JEP 514, 515).
 */
class ImageTraining implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(120);
  private static final String LOOPBACK = "127.0.0.1";

  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Process> started = new ArrayList<>();
  private final Path root;
  private final Path logs;

  private ImageTraining(Path root, Path logs) {
    this.root = root;
    this.logs = logs;
  }

  static void train(Path root, List<ImageLayout> layouts)
      throws IOException, InterruptedException, ExecutionException {
    var logs = Files.createDirectories(root.resolve("local/target/images"));
    var data = Files.createTempDirectory("penstock-images");
    try (var training = new ImageTraining(root, logs);
        var postgres = EmbeddedPostgres.builder().setDataDirectory(data.resolve("data")).start()) {
      training.talk(
          layouts,
          "postgresql://postgres:postgres@" + LOOPBACK + ":" + postgres.getPort() + "/postgres");
    } finally {
      Train.delete(data);
    }
    for (var layout : layouts) {
      if (!Files.exists(layout.cache())) {
        throw new IllegalStateException(layout.service() + " wrote no start-up cache; see " + logs);
      }
    }
  }

  private void talk(List<ImageLayout> layouts, String database)
      throws IOException, InterruptedException, ExecutionException {
    var simulator = freePort();
    var sessions = freePort();
    var proxy = freePort();
    var gateway = freePort();
    var inOrder = List.of(gateway, sessions, proxy);
    var environment =
        Map.of(
            "DATABASE_URL", database,
            "OLLAMA_URL", "http://" + LOOPBACK + ":" + simulator,
            "SESSION_SERVICE_URL", "http://" + LOOPBACK + ":" + sessions,
            "INFERENCE_PROXY_URL", "http://" + LOOPBACK + ":" + proxy,
            "AUTHENTICATION", "platform");
    finish(run("migrate", command(layouts.get(1), "migrate"), layouts.get(1).home(), environment));
    run("simulator", simulator(), root, with(environment, simulator));
    var services = new ArrayList<Process>();
    for (var index : List.of(1, 2, 0)) {
      var layout = layouts.get(index);
      services.addFirst(
          run(
              layout.service(),
              command(layout),
              layout.home(),
              with(environment, inOrder.get(index))));
      awaitReady(inOrder.get(index));
    }
    Train.talk(URI.create("http://" + LOOPBACK + ":" + gateway));
    for (var service : services) {
      service.toHandle().destroy();
      finish(service);
    }
  }

  private static List<String> command(ImageLayout layout) {
    return List.of(layout.java().toString(), "-XX:AOTCacheOutput=service.aot", "@options");
  }

  private static List<String> command(ImageLayout layout, String argument) {
    return List.of(layout.java().toString(), "@options", argument);
  }

  private List<String> simulator() {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin/java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--sun-misc-unsafe-memory-access=allow",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        root.resolve("local/target/app/lib") + "/*",
        "dev.penstock.local.Main",
        "simulator");
  }

  private static Map<String, String> with(Map<String, String> environment, int port) {
    var all = new java.util.TreeMap<>(environment);
    all.put("PORT", Integer.toString(port));
    return all;
  }

  private Process run(
      String name, List<String> command, Path folder, Map<String, String> environment)
      throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(logs.resolve(name + ".log").toFile());
    builder.environment().putAll(environment);
    var process = builder.start();
    started.add(process);
    return process;
  }

  private void awaitReady(int port) throws InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://" + LOOPBACK + ":" + port + "/readyz")).build();
    var end = System.nanoTime() + LIMIT.toNanos();
    while (System.nanoTime() < end) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (IOException e) {
        // not listening yet
      }
      requireAlive();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    throw new IllegalStateException("a service was not ready in time; see " + logs);
  }

  private void requireAlive() {
    started.stream()
        .filter(process -> !process.isAlive() && process.exitValue() != 0)
        .findFirst()
        .ifPresent(
            dead -> {
              throw new IllegalStateException("a service did not start; see " + logs);
            });
  }

  private void finish(Process process) throws InterruptedException {
    if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IllegalStateException("a service did not end well; see " + logs);
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() throws InterruptedException {
    for (var process : started) {
      process.destroyForcibly().waitFor();
    }
    http.close();
  }
}
