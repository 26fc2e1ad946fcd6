package dev.penstock.bench.process;

import dev.penstock.bench.backend.Backend;
import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.session.schema.SchemaMigration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All processes of a run: backend, nginx, the three services, PostgreSQL. */
public final class Stack implements AutoCloseable {
  /** Behind the names of the services that record nothing. */
  public static final String UNMEASURED = ", unmeasured";

  private static final String SLOTS = "4000";
  private static final String CONNECTIONS = "4000";

  /** All of it is resident from the start, so that what grows is not the heap. */
  private static final String WHOLE_HEAP = "-Xms512m -Xmx512m -XX:+AlwaysPreTouch";

  private static final long HEAP_KIB = 512 * 1024;

  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final Path root;
  private final Path folder;
  private final Map<String, Child> children = new HashMap<>();
  private long postgres;
  private String database = "";
  private int metricsPort;

  private Stack(Path root, Path folder) {
    this.root = root;
    this.folder = folder;
  }

  /**
   * Starts all that is there once; proxies and gateways come with {@link #chain}.
   *
   * @param root of the checkout, built
   * @param folder for configurations, logs and the database
   */
  public static Stack start(Path root, Path folder)
      throws IOException, SQLException, InterruptedException {
    var stack = new Stack(root, folder);
    try {
      stack.startAll();
      return stack;
    } catch (IOException | SQLException | InterruptedException | RuntimeException e) {
      stack.close();
      throw e;
    }
  }

  /** Port of {@code backend}, {@code nginx}, {@code inference-proxy} or {@code gateway}. */
  public int port(String name) {
    return child(name).port();
  }

  /** The processes of that name; {@code postgresql} too. */
  public Watched watched(String name) {
    return name.equals("postgresql") ? new Watched(name, postgres, 0) : child(name).watched();
  }

  /** Everything measured, for telling it from what else the machine does. */
  public List<Watched> all() {
    var all = new ArrayList<Watched>();
    children.values().forEach(child -> all.add(child.watched()));
    all.add(watched("postgresql"));
    return all;
  }

  /** Where session-service shows its metrics. */
  public int metricsPort() {
    return metricsPort;
  }

  /** The database of session-service, as its setting says it. */
  public String database() {
    return database;
  }

  /**
   * Starts a proxy and a gateway, beside those there are, and waits for them.
   *
   * @param suffix of their names
   * @param ofProxy more settings of the proxy
   * @param ofGateway more settings of the gateway
   */
  public void chain(String suffix, Map<String, String> ofProxy, Map<String, String> ofGateway)
      throws InterruptedException {
    var proxySettings = new HashMap<>(ofProxy);
    proxySettings.put("OLLAMA_URL", child("backend").address());
    proxySettings.put("OLLAMA_NUM_PARALLEL", SLOTS);
    proxySettings.put("GEMMA_MODEL_NAME", "bench:1b");
    proxySettings.put("PENSTOCK_MAX_OUTPUT_TOKENS", "1000000");
    proxySettings.put("PENSTOCK_PROXY_INSTANCES", "1");
    var proxy = service("inference-proxy", suffix, proxySettings);
    var settings = new HashMap<>(ofGateway);
    settings.put("SESSION_SERVICE_URL", child("session-service").address());
    settings.put("INFERENCE_PROXY_URL", proxy.address());
    settings.put("PENSTOCK_PROXY_CONNECTIONS", CONNECTIONS);
    settings.put("PENSTOCK_GATEWAY_EVENT_LOOPS", "1");
    var gateway = service("gateway", suffix, settings);
    proxy.awaitPort();
    gateway.awaitPort();
  }

  @Override
  public void close() {
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        System.err.println("bench: could not stop a process: " + e);
      }
    }
  }

  private void startAll() throws IOException, SQLException, InterruptedException {
    var backendPort = Child.freePort();
    own(Child.start("backend", backendPort, 0, backend(backendPort), Map.of(), folder));
    own(Nginx.start(folder, backendPort));
    var data = DataFolder.take(folder.resolve("data"), "the bench");
    started.push(data);
    var local = LocalDatabase.start(data);
    started.push(local);
    postgres = postmaster(folder.resolve("data"));
    database = local.url();
    SchemaMigration.run(database);
    metricsPort = Child.freePort();
    service(
        "session-service",
        "",
        Map.of(
            "DATABASE_URL",
            database,
            "PENSTOCK_SESSION_EDGES",
            "1",
            "MANAGEMENT_PORT",
            Integer.toString(metricsPort)));
    for (var child : children.values()) {
      child.awaitPort();
    }
  }

  private Child own(Child child) {
    started.push(child);
    children.put(child.watched().name(), child);
    return child;
  }

  private Child service(String name, String suffix, Map<String, String> settings) {
    var port = Child.freePort();
    var command =
        List.of(root.resolve("penstock").toString(), name, "--port", Integer.toString(port));
    var environment = new HashMap<>(settings);
    environment.put("JAVA_TOOL_OPTIONS", WHOLE_HEAP);
    return own(Child.start(name + suffix, port, HEAP_KIB, command, environment, folder));
  }

  private static List<String> backend(int port) {
    return List.of(
        ProcessHandle.current().info().command().orElse("java"),
        "-XX:+UseSerialGC",
        "-Xmx512m",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        Backend.class.getName(),
        Integer.toString(port));
  }

  private Child child(String name) {
    var child = children.get(name);
    if (child == null) {
      throw new IllegalArgumentException("no process is named " + name);
    }
    return child;
  }

  private static long postmaster(Path data) throws IOException {
    try (var lines = Files.lines(data.resolve("postgresql").resolve("postmaster.pid"))) {
      return Long.parseLong(lines.findFirst().orElseThrow().strip());
    }
  }
}
