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
  private final boolean twice;
  private long postgres;

  private Stack(Path root, Path folder, boolean twice) {
    this.twice = twice;
    this.root = root;
    this.folder = folder;
  }

  /**
   * Starts everything.
   *
   * @param root of the checkout, built
   * @param folder for configurations, logs and the database
   * @param twice whether there is a second gateway and proxy, that record nothing
   */
  public static Stack start(Path root, Path folder, boolean twice)
      throws IOException, SQLException, InterruptedException {
    var stack = new Stack(root, folder, twice);
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

  /**
   * Starts another proxy and gateway beside those there are, with more settings.
   *
   * @param suffix of their names
   */
  public void second(String suffix, Map<String, String> more) throws InterruptedException {
    var environment = new HashMap<String, String>();
    environment.put("JAVA_TOOL_OPTIONS", WHOLE_HEAP);
    environment.putAll(more);
    environment.put("OLLAMA_URL", child("backend").address());
    environment.put("OLLAMA_NUM_PARALLEL", SLOTS);
    environment.put("GEMMA_MODEL_NAME", "bench:1b");
    environment.put("PENSTOCK_MAX_OUTPUT_TOKENS", "1000000");
    environment.put("PENSTOCK_PROXY_INSTANCES", "1");
    var proxy = second("inference-proxy", suffix, environment);
    environment.put("SESSION_SERVICE_URL", child("session-service").address());
    environment.put("INFERENCE_PROXY_URL", proxy.address());
    environment.put("PENSTOCK_PROXY_CONNECTIONS", CONNECTIONS);
    environment.put("PENSTOCK_GATEWAY_EVENT_LOOPS", "1");
    second("gateway", suffix, environment).awaitPort();
    proxy.awaitPort();
  }

  private Child second(String name, String suffix, Map<String, String> environment) {
    var port = Child.freePort();
    var command =
        List.of(root.resolve("penstock").toString(), name, "--port", Integer.toString(port));
    return own(Child.start(name + suffix, port, HEAP_KIB, command, environment, folder));
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
    var backend =
        own(Child.start("backend", backendPort, 0, backend(backendPort), Map.of(), folder));
    own(Nginx.start(folder, backendPort));
    var data = DataFolder.take(folder.resolve("data"), "the bench");
    started.push(data);
    var database = LocalDatabase.start(data);
    started.push(database);
    postgres = postmaster(folder.resolve("data"));
    SchemaMigration.run(database.url());
    var sessions =
        service(
            "session-service",
            "",
            Map.of(),
            Map.of("DATABASE_URL", database.url(), "PENSTOCK_SESSION_EDGES", "1"));
    chain("", Map.of(), backend, sessions);
    if (twice) {
      chain(UNMEASURED, Map.of("PENSTOCK_METRICS", "false"), backend, sessions);
    }
    for (var child : children.values()) {
      child.awaitPort();
    }
  }

  private void chain(String suffix, Map<String, String> more, Child backend, Child sessions) {
    var proxy =
        service(
            "inference-proxy",
            suffix,
            more,
            Map.of(
                "OLLAMA_URL", backend.address(),
                "OLLAMA_NUM_PARALLEL", SLOTS,
                "GEMMA_MODEL_NAME", "bench:1b",
                "PENSTOCK_MAX_OUTPUT_TOKENS", "1000000",
                "PENSTOCK_PROXY_INSTANCES", "1"));
    service(
        "gateway",
        suffix,
        more,
        Map.of(
            "SESSION_SERVICE_URL",
            sessions.address(),
            "INFERENCE_PROXY_URL",
            proxy.address(),
            "PENSTOCK_PROXY_CONNECTIONS",
            CONNECTIONS,
            "PENSTOCK_GATEWAY_EVENT_LOOPS",
            "1"));
  }

  private Child own(Child child) {
    started.push(child);
    children.put(child.watched().name(), child);
    return child;
  }

  private Child service(
      String name, String suffix, Map<String, String> more, Map<String, String> environment) {
    var port = Child.freePort();
    var command =
        List.of(root.resolve("penstock").toString(), name, "--port", Integer.toString(port));
    var own = new HashMap<>(environment);
    own.putAll(more);
    own.put("JAVA_TOOL_OPTIONS", WHOLE_HEAP);
    return own(Child.start(name + suffix, port, HEAP_KIB, command, own, folder));
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
