package dev.penstock.local.images;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.local.Services;
import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.local.endtoend.ChatClient;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the images of the services hold, run as they run it. Made by the profile {@code images}. */
@EnabledIfSystemProperty(
    named = "images",
    matches = "true",
    disabledReason = "there are layouts with -Pimages only")
class ImageLayoutIT {
  private static final long MOST_BYTES = 120_000_000;
  // The base image: what distroless has beside glibc.
  private static final long BASE_BYTES = 25_000_000;

  private static Path folder;
  private static Metrics metrics;
  private static Vertx vertx;
  private static DataFolder data;
  private static LocalDatabase database;
  private static URI model;

  @BeforeAll
  static void start() throws IOException, SQLException {
    // Other users must be able to reach what is mounted here.
    folder = Files.createTempDirectory("penstock-images");
    folder.toFile().setExecutable(true, false);
    folder.toFile().setReadable(true, false);
    metrics = new Metrics();
    vertx = metrics.vertx();
    data = DataFolder.take(Files.createDirectory(folder.resolve("data")), "a test");
    database = LocalDatabase.start(data);
    var simulator =
        Services.simulator(new Environment(Map.of("PORT", "0", "SIMULATOR_LOAD_MS", "1")), metrics);
    done(simulator.start(vertx));
    model = URI.create("http://127.0.0.1:" + simulator.port());
  }

  @AfterAll
  static void stop() throws IOException {
    done(vertx.close());
    database.close();
    data.close();
    try (var files = Files.walk(folder)) {
      for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Test
  void servesAChatFromReadOnlyFilesAsAnotherUserAndEndsWhenToldTo() throws Exception {
    try (var migration = run("session-service", "DATABASE_URL", database.url(), "migrate")) {
      assertThat(migration.exitCode()).as(migration.said()).isZero();
      assertThat(migration.said()).contains("applied");
    }
    try (var sessions = run("session-service", "DATABASE_URL", database.url());
        var proxy = run("inference-proxy", "OLLAMA_URL", model.toString())) {
      healthy("session-service", sessions);
      healthy("inference-proxy", proxy);
      try (var gateway = gateway(sessions, proxy)) {
        healthy("gateway", gateway);

        chat(new ChatClient(gateway.address()));

        for (var each : new ImageProcess[] {gateway, proxy, sessions}) {
          assertThat(status(each.management().resolve("/metrics"))).isEqualTo(200);
          assertThat(status(each.management().resolve("/readyz"))).isEqualTo(200);
          assertThat(each.terminate()).as(each.said()).isZero();
          assertThat(each.said()).doesNotContain("WARNING:", "VM warning", "\tat ");
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"gateway", "session-service", "inference-proxy"})
  void isSmallAndTellsWhatItIsMadeOf(String service) throws IOException {
    var home = Path.of("..", service, "target/image/penstock");

    try (var files = Files.walk(home)) {
      var bytes =
          files
              .filter(Files::isRegularFile)
              .filter(file -> !file.endsWith("service.aot"))
              .mapToLong(file -> file.toFile().length())
              .sum();
      assertThat(bytes).isLessThan(MOST_BYTES - BASE_BYTES);
    }
    try (Stream<Path> commands = Files.list(home.resolve("jre/bin"))) {
      assertThat(commands.map(Path::getFileName).map(Path::toString))
          .contains("java")
          .doesNotContain("javac", "jshell", "sh");
    }
    assertThat(new ObjectMapper().readTree(home.resolve("sbom.json").toFile()).get("components"))
        .anySatisfy(part -> assertThat(part.get("name").asText()).isEqualTo("vertx-core"));
  }

  /** A mode in which a cache that does not fit ends the JVM before the service speaks. */
  @ParameterizedTest
  @ValueSource(strings = {"gateway", "session-service", "inference-proxy"})
  void hasAStartUpCacheThatFits(String service) throws Exception {
    var wrong = Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on", "AUTHENTICATION", "nobody");

    try (var process = ImageProcess.start(service, folder, wrong)) {
      assertThat(process.exitCode()).isEqualTo(1);
      assertThat(process.said()).contains("AUTHENTICATION must be platform");
    }
  }

  private static ImageProcess run(String service, String name, String value, String... arguments)
      throws IOException {
    return ImageProcess.start(
        service, folder, Map.of(name, value, "AUTHENTICATION", "platform"), arguments);
  }

  private static ImageProcess gateway(ImageProcess sessions, ImageProcess proxy)
      throws IOException {
    return ImageProcess.start(
        "gateway",
        folder,
        Map.of(
            "SESSION_SERVICE_URL", sessions.address().toString(),
            "INFERENCE_PROXY_URL", proxy.address().toString(),
            "AUTHENTICATION", "platform"));
  }

  private static void healthy(String service, ImageProcess process) throws Exception {
    System.out.printf(
        "image layout: %s answers after %d ms%n", service, process.awaitHealthy().toMillis());
  }

  private static void chat(ChatClient client) {
    var session = client.newSession();
    var turn =
        client.call(
            "POST",
            "/v1/sessions/" + session + "/turns",
            ChatClient.ask(20),
            "Accept",
            "application/json");
    assertThat(turn.status()).isEqualTo(200);
    assertThat(turn.json().get("state").asText()).isEqualTo("completed");
    assertThat(turn.json().at("/output/text").asText()).isNotBlank();
  }

  private static int status(URI address) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.discarding())
          .statusCode();
    }
  }

  private static void done(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
