package dev.penstock.local.endtoend;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.Service;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.local.Services;
import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.session.schema.SchemaMigration;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Several of each service over one PostgreSQL, each with an event loop system of its own, so that
 * one can die without the others noticing more than its sockets.
 */
final class Cluster implements AutoCloseable {
  /**
   * How many of each; every pool is one proxy and the simulators only it may use.
   *
   * @param ofGateways what gateways have in their environment beside that
   * @param ofServices the same of session-services and proxies
   * @param doors the address by which the others know the service at that address
   */
  record Shape(
      int gateways,
      int sessionServices,
      int pools,
      Map<String, String> environment,
      Map<String, String> ofGateways,
      Map<String, String> ofServices,
      UnaryOperator<URI> doors) {
    static final Shape ONE_OF_EACH =
        new Shape(1, 1, 1, Map.of(), Map.of(), Map.of(), UnaryOperator.identity());
    static final Shape TWO_OF_EACH =
        new Shape(2, 2, 2, Map.of(), Map.of(), Map.of(), UnaryOperator.identity());

    Shape behind(UnaryOperator<URI> doors) {
      return new Shape(
          gateways, sessionServices, pools, environment, ofGateways, ofServices, doors);
    }

    Shape withServices(Map<String, String> settings) {
      return new Shape(gateways, sessionServices, pools, environment, ofGateways, settings, doors);
    }

    Shape withGateways(Map<String, String> settings) {
      return new Shape(gateways, sessionServices, pools, environment, settings, ofServices, doors);
    }

    Shape with(String name, String value) {
      var more = new TreeMap<>(environment);
      more.put(name, value);
      return new Shape(gateways, sessionServices, pools, more, ofGateways, ofServices, doors);
    }
  }

  /** Fast enough for a test, slow enough to step in between. */
  private static boolean namesModelServers(@Nullable String file) {
    try {
      return file != null && Files.readString(Path.of(file)).contains("upstreams:");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static final Map<String, String> SIMULATOR =
      Map.of(
          "SIMULATOR_TOKENS_PER_SECOND",
          "120",
          "SIMULATOR_PREFILL_TOKENS_PER_SECOND",
          "100000",
          "SIMULATOR_LOAD_MS",
          "50",
          "OLLAMA_NUM_PARALLEL",
          "4");

  private record Running(Service service, Vertx vertx, Metrics metrics, AtomicBoolean killed) {
    URI address() {
      return URI.create("http://127.0.0.1:" + service.port());
    }

    boolean lives() {
      return !killed.get();
    }

    void kill() {
      killed.set(true);
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }

  private final Path home;
  private final DataFolder folder;
  private final LocalDatabase database;
  private final Shape shape;
  private final List<Running> simulators = new CopyOnWriteArrayList<>();
  private final List<Running> proxies = new CopyOnWriteArrayList<>();
  private final List<Running> sessionServices = new CopyOnWriteArrayList<>();
  private final List<Running> gateways = new CopyOnWriteArrayList<>();

  private Cluster(Path home, DataFolder folder, LocalDatabase database, Shape shape) {
    this.home = home;
    this.folder = folder;
    this.database = database;
    this.shape = shape;
  }

  static Cluster start(Shape shape) {
    try {
      var home = Files.createTempDirectory("penstock-cluster");
      var folder = DataFolder.take(home, "a test");
      var cluster = new Cluster(home, folder, LocalDatabase.start(folder), shape);
      SchemaMigration.run(cluster.database.url());
      cluster.startServices();
      return cluster;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void startServices() {
    var variables = new TreeMap<>(SIMULATOR);
    variables.putAll(shape.environment());
    var base = new Environment(variables).with("PORT", "0").with("HOST", "127.0.0.1");
    var ofServices = with(base, shape.ofServices());
    for (var pool = 0; pool < shape.pools(); pool++) {
      var simulator = run(base, Services::simulator, simulators);
      var ofProxy =
          namesModelServers(variables.get("PENSTOCK_CONFIG"))
              ? ofServices
              : ofServices.with("OLLAMA_URL", addresses(List.of(simulator)));
      run(ofProxy, Services::inferenceProxy, proxies);
    }
    for (var i = 0; i < shape.sessionServices(); i++) {
      run(
          ofServices.with("DATABASE_URL", database.url()),
          Services::sessionService,
          sessionServices);
    }
    var ofGateways = with(base, shape.ofGateways());
    for (var i = 0; i < shape.gateways(); i++) {
      run(
          ofGateways
              .with("SESSION_SERVICE_URL", addresses(sessionServices))
              .with("INFERENCE_PROXY_URL", addresses(proxies)),
          Services::gateway,
          gateways);
    }
  }

  private static Environment with(Environment base, Map<String, String> settings) {
    var more = base;
    for (var each : settings.entrySet()) {
      more = more.with(each.getKey(), each.getValue());
    }
    return more;
  }

  private static Running run(
      Environment environment, BiFunction<Environment, Metrics, Service> from, List<Running> into) {
    var metrics = new Metrics();
    var vertx = metrics.vertx();
    var service = from.apply(environment, metrics);
    service.start(vertx).toCompletionStage().toCompletableFuture().join();
    var running = new Running(service, vertx, metrics, new AtomicBoolean());
    into.add(running);
    return running;
  }

  private String addresses(List<Running> services) {
    return services.stream()
        .map(running -> shape.doors().apply(running.address()).toString())
        .collect(Collectors.joining(","));
  }

  ChatClient client(int gateway) {
    return new ChatClient(gateways.get(gateway).address());
  }

  /** Those that were not killed. */
  List<URI> livingGateways() {
    return gateways.stream().filter(Running::lives).map(Running::address).toList();
  }

  URI gateway(int index) {
    return gateways.get(index).address();
  }

  URI simulator(int index) {
    return simulators.get(index).address();
  }

  /** What a gateway's {@code /metrics} would say. */
  String gatewayMetrics(int index) {
    return gateways.get(index).metrics().scrape();
  }

  /** What every service's {@code /metrics} would say. */
  String metrics() {
    return Stream.of(gateways, sessionServices, proxies, simulators)
        .flatMap(List::stream)
        .map(running -> running.metrics().scrape())
        .collect(Collectors.joining());
  }

  Service gatewayService(int index) {
    return gateways.get(index).service();
  }

  LocalDatabase database() {
    return database;
  }

  /** A model whose template starts a new answer behind a trailing assistant message (T-24). */
  String modelThatStartsOver() {
    return "gemma4:e2b";
  }

  /** Ends every service and starts as many anew on the same database. */
  void restart() {
    stopServices();
    startServices();
  }

  /** As kill -9 does: no drain, every socket cut. */
  void killGateway(int index) {
    gateways.get(index).kill();
  }

  /** As SIGTERM does, the gateways first; nothing answers afterwards. */
  void drain() {
    for (var services : List.of(gateways, sessionServices, proxies, simulators)) {
      services.forEach(
          running -> running.service().drain().toCompletionStage().toCompletableFuture().join());
    }
  }

  void killSessionService(int index) {
    sessionServices.get(index).kill();
  }

  private void stopServices() {
    for (var services : List.of(gateways, sessionServices, proxies, simulators)) {
      services.forEach(Running::kill);
      services.clear();
    }
  }

  @Override
  public void close() {
    stopServices();
    try {
      database.close();
      folder.close();
      try (var files = Files.walk(home)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
