package dev.penstock.bench.startup;

import dev.penstock.bench.command.Program;
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
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code checks/bench/image-startup}: milliseconds from the start of a service's process to a
 * healthy answer, as its image starts it, with its start-up cache and, for comparison, without.
 * Needs what {@code ./mvnw -Pimages package} makes.
 */
@Command(
    name = "checks/bench/image-startup",
    description = "How long each service takes to answer /health as its image starts it.")
public final class ImageStartup extends Program {
  private static final List<String> SERVICES =
      List.of("session-service", "inference-proxy", "gateway");
  private static final long LIMIT_S = 60;
  private static final long POLL_MS = 2;

  @Parameters(
      arity = "0..1",
      paramLabel = "STARTS",
      defaultValue = "9",
      description = "how often each is started (default: 9)")
  private int starts;

  private ImageStartup() {}

  /** Runs it. */
  public static void main(String... arguments) {
    run(new ImageStartup(), arguments);
  }

  @Override
  protected void measure(Path root) throws Exception {
    var data = Files.createDirectories(root.resolve("checks/bench/target/image-startup"));
    try (var folder = DataFolder.take(data, "a measurement");
        var postgres = LocalDatabase.start(folder)) {
      SchemaMigration.run(postgres.url());
      for (var service : SERVICES) {
        measure(root, service, postgres.url());
      }
    }
  }

  private void measure(Path root, String service, String database)
      throws IOException, InterruptedException {
    var with = new ArrayList<Long>();
    var without = new ArrayList<Long>();
    for (var n = 0; n < starts; n++) {
      with.add(start(root, service, database, "-XX:AOTCache=service.aot"));
      without.add(start(root, service, database, "-XX:AOTMode=off"));
    }
    System.out.printf(
        "%-16s %s with its start-up cache   bar: <= 800 ms   (%s without)%n",
        service, shown(with), shown(without));
  }

  private static long start(Path root, String service, String database, String option)
      throws IOException, InterruptedException {
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
