package dev.penstock.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.Metric.Exporter;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.local.Services;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of each service as a process of its own has it, and of all in one process. */
class MetricsPageTest {
  private static final int BUDGET = 2_000;

  private final Metrics metrics = new Metrics();
  private final Vertx vertx = metrics.vertx();

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** More sets of labels than any caller can cause, in every metric a service has. */
  @ParameterizedTest
  @EnumSource(names = "PROCESS", mode = EnumSource.Mode.EXCLUDE)
  void staysWithinItsBudgetWhateverCallersSend(Exporter service) {
    start(service);
    Stream.of(Metric.values())
        .filter(metric -> has(service, metric))
        .forEach(metric -> fill(metric, 1_000));

    var page = Exposition.of(metrics.scrape());

    assertThat(page.size()).isBetween(100, BUDGET);
    assertThat(page.faults()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = "PROCESS", mode = EnumSource.Mode.EXCLUDE)
  void isCleanAndHasOnlyNamesOfTheList(Exporter service) throws Exception {
    start(service);
    Stream.of(Metric.values())
        .filter(metric -> has(service, metric))
        .forEach(metric -> fill(metric, 2));

    var text = metrics.scrape();

    assertThat(Exposition.of(text).faults()).isEmpty();
    assertThat(Exposition.of(text).families())
        .filteredOn(name -> !name.startsWith("vertx_"))
        .isSubsetOf(names());
    promtool(text);
  }

  @Test
  void isCleanWhereAllServicesShareAProcess() throws Exception {
    for (var service : List.of(Exporter.GATEWAY, Exporter.PROXY)) {
      start(service);
    }
    Stream.of(Metric.values()).forEach(metric -> fill(metric, 3));

    assertThat(Exposition.of(metrics.scrape()).faults()).isEmpty();
    promtool(metrics.scrape());
  }

  /** What the kit measures by itself is on the list too. */
  @Test
  void tellsOfAProcessWhatTheListSays() {
    var listed =
        Stream.of(Metric.values())
            .filter(metric -> metric.exporters().contains(Exporter.PROCESS))
            .map(Metric::id)
            .filter(id -> !id.startsWith("http_"))
            .toList();

    var told = Exposition.of(metrics.scrape()).families();

    assertThat(told).filteredOn(name -> !name.startsWith("vertx_")).containsAll(listed);
    assertThat(names()).containsAll(told.stream().filter(n -> !n.startsWith("vertx_")).toList());
  }

  @Test
  void noticesAPageThatIsWrong() {
    var wrong =
        """
        # HELP a_number What it counts
        # TYPE a_number counter
        a_number 1
        a_number 2
        # TYPE wait_milliseconds gauge
        wait_milliseconds 7
        stray 1
        """;

    assertThat(Exposition.of(wrong).faults()).hasSize(5);
  }

  private void start(Exporter service) {
    var environment = new Environment(Map.of("PORT", "0", "HOST", "127.0.0.1"));
    switch (service) {
      case GATEWAY -> run(Services.gateway(environment, metrics));
      case PROXY ->
          run(Services.inferenceProxy(environment.with("PENSTOCK_VLLM_METRICS", "true"), metrics));
      case SESSIONS, PROCESS -> {
        // Its pools need a database; they are three gauges for each of three pools.
      }
    }
  }

  private void run(dev.penstock.kit.drain.Service service) {
    service
        .start(vertx)
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(30, TimeUnit.SECONDS)
        .join();
  }

  private static boolean has(Exporter service, Metric metric) {
    return metric.exporters().contains(service) || metric.exporters().contains(Exporter.PROCESS);
  }

  /** Asks for that many sets of labels; gauges are registered by the services themselves. */
  private void fill(Metric metric, int sets) {
    var bound = metric.most();
    for (var set = 0; set < sets; set++) {
      var number = set;
      var values = metric.labels().stream().map(_ -> "value-" + number).toArray(String[]::new);
      switch (metric.type()) {
        case COUNTER -> {
          if (!metric.exporters().contains(Exporter.PROCESS)) {
            metrics
                .counter(metric.id(), metric.help(), bound, metric.labels())
                .of(values)
                .increment();
          }
        }
        case HISTOGRAM ->
            metrics
                .histogram(metric.id(), metric.help(), metric.bounds(), bound, metric.labels())
                .of(values)
                .record(1);
        case GAUGE, SUMMARY -> {}
      }
    }
  }

  private static Set<String> names() {
    return Stream.of(Metric.values())
        .map(Metric::id)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Where it is installed; elsewhere our own rules have to do. */
  private static void promtool(String page) throws IOException, InterruptedException {
    Process process;
    try {
      process =
          new ProcessBuilder("promtool", "check", "metrics").redirectErrorStream(true).start();
    } catch (IOException e) {
      Assumptions.abort("promtool is not installed: apt-get install prometheus");
      return;
    }
    try (var in = process.outputWriter()) {
      in.write(page);
    }
    var said = new ArrayList<>(process.inputReader().lines().toList());
    process.waitFor();
    // Those of Vert.x have the names Micrometer gives them, those of vLLM have colons.
    said.removeIf(line -> line.startsWith("vertx_") || line.startsWith("vllm:"));
    assertThat(said).isEmpty();
  }
}
