package dev.penstock.bench.startup;

import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.session.schema.SchemaMigration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code image-startup [STARTS]}: milliseconds from the start of a service's process to a healthy
 * answer, as its image starts it, with its start-up cache and, for comparison, without. Needs what
 * {@code ./mvnw -Pimages package} makes.
 */
public final class ImageStartup {
  private static final List<String> SERVICES =
      List.of("session-service", "inference-proxy", "gateway");
  private static final long LIMIT_S = 60;
  private static final long POLL_MS = 2;

  private final Path root;
  private final String database;

  private ImageStartup(Path root, String database) {
    this.root = root;
    this.database = database;
  }

  /** Runs it. */
  public static void main(String... arguments) throws Exception {
    var starts = arguments.length == 0 ? 9 : Integer.parseInt(arguments[0]);
    var root = Path.of(System.getProperty("penstock.root", ".")).toRealPath();
    var data = Files.createDirectories(root.resolve("checks/bench/target/image-startup"));
    try (var folder = DataFolder.take(data, "a measurement");
        var postgres = LocalDatabase.start(folder)) {
      SchemaMigration.run(postgres.url());
      new ImageStartup(root, postgres.url()).measure(starts);
    }
  }

  private void measure(int starts) throws IOException, InterruptedException {
    for (var service : SERVICES) {
      var with = new ArrayList<Long>();
      var without = new ArrayList<Long>();
      for (var n = 0; n < starts; n++) {
        with.add(start(service, "-XX:AOTCache=service.aot"));
        without.add(start(service, "-XX:AOTMode=off"));
      }
      System.out.printf(
          "%-16s %s with its start-up cache   bar: <= 800 ms   (%s without)%n",
          service, shown(with), shown(without));
    }
  }

  private long start(String service, String option) throws IOException, InterruptedException {
    var home = root.resolve(service).resolve("target/image/penstock");
    var port = Startup.freePort();
    var builder =
        new ProcessBuilder(home.resolve("jre/bin/java").toString(), option, "@options")
            .directory(home.toFile())
            .redirectErrorStream(true)
            .redirectOutput(root.resolve("checks/bench/target/image-startup.log").toFile());
    builder.environment().put("PORT", Integer.toString(port));
    builder.environment().put("DATABASE_URL", database);
    var begun = System.nanoTime();
    var process = builder.start();
    try {
      while (!Startup.healthy(port)) {
        if (!process.isAlive() || System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LIMIT_S)) {
          throw new IllegalStateException(service + " did not start; see target/image-startup.log");
        }
        TimeUnit.MILLISECONDS.sleep(POLL_MS);
      }
      return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
    } finally {
      process.toHandle().destroy();
      if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static String shown(List<Long> all) {
    Collections.sort(all);
    return "%,5d ms [%,d - %,d]".formatted(all.get(all.size() / 2), all.getFirst(), all.getLast());
  }
}
