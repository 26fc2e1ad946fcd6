package dev.penstock.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.metric.Metric;
import dev.penstock.contracts.metric.Metric.Exporter;
import dev.penstock.contracts.metric.StreamEnd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/metrics.md} against the list of metrics. */
class MetricsDocumentTest {
  private static final Path PAGE = Path.of("../docs/metrics.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `([a-z_:]+)` \\| (histogram|gauge|counter|summary) \\|");
  private static final Map<Exporter, String> SECTIONS = new EnumMap<>(Exporter.class);

  static {
    SECTIONS.put(Exporter.GATEWAY, "### gateway");
    SECTIONS.put(Exporter.PROXY, "### inference-proxy");
    SECTIONS.put(Exporter.SESSIONS, "### session-service");
    SECTIONS.put(Exporter.PROCESS, "### every service");
  }

  @Test
  void tellsOfEveryMetricAndWhatToDoAboutIt() throws IOException {
    var page = Files.readString(PAGE);
    for (var exporter : Exporter.values()) {
      var section = section(page, exporter);
      var metrics =
          Stream.of(Metric.values()).filter(each -> each.exporters().contains(exporter)).toList();
      for (var metric : metrics) {
        var row = row(section, metric);
        assertThat(row).startsWith(expected(metric));
        assertThat(row.substring(expected(metric).length()).strip())
            .as("what to do about " + metric.id())
            .matches("\\S.{8,} \\|");
      }
      assertThat(ROW.matcher(section).results().map(each -> each.group(1)))
          .containsExactlyElementsOf(metrics.stream().map(Metric::id).toList());
    }
  }

  @Test
  void tellsEveryLabelAndHowStreamsEnd() throws IOException {
    var page = Files.readString(PAGE);
    var labels = page.substring(page.indexOf("## Labels"), page.indexOf("## All metrics"));

    assertThat(
            Stream.of(Metric.values())
                .flatMap(metric -> metric.labels().stream())
                .filter(label -> !label.startsWith("http_") && !label.startsWith("server_"))
                .filter(label -> !label.equals("area") && !label.equals("gc"))
                .filter(label -> !label.equals("type") && !label.equals("estimated"))
                .filter(label -> !label.equals("gen_ai_token_type")))
        .allSatisfy(label -> assertThat(labels).contains("`" + label + "`"));
    assertThat(StreamEnd.values())
        .allSatisfy(end -> assertThat(labels).contains("`" + end.word() + "`"));
  }

  @Test
  void tellsOfEveryAlert() throws IOException {
    var page = Files.readString(PAGE);
    var rules = Files.readString(Path.of("../deploy/dashboards/rules.yml"));

    var alerts = Pattern.compile("alert: (\\w+)").matcher(rules).results();
    assertThat(alerts.map(each -> each.group(1)))
        .isNotEmpty()
        .allSatisfy(alert -> assertThat(page).contains("`" + alert + "`"));
    var named = Pattern.compile("see \"([^\"]+)\" in docs/metrics.md", Pattern.CASE_INSENSITIVE);
    assertThat(named.matcher(rules).results().map(each -> each.group(1)))
        .isNotEmpty()
        .allSatisfy(heading -> assertThat(page).contains("### " + heading + "\n"));
  }

  private static String section(String page, Exporter exporter) {
    var from = page.indexOf(SECTIONS.get(exporter) + "\n");
    assertThat(from).as(SECTIONS.get(exporter)).isPositive();
    var to = page.indexOf("\n\n", page.indexOf("|---|", from));
    return page.substring(from, to < 0 ? page.length() : to) + "\n";
  }

  private static String row(String section, Metric metric) {
    return section
        .lines()
        .filter(line -> line.startsWith("| `" + metric.id() + "` |"))
        .collect(Collectors.joining("\n"));
  }

  private static String expected(Metric metric) {
    var labels =
        metric.labels().stream().map(label -> "`" + label + "`").collect(Collectors.joining(", "));
    return "| `%s` | %s | %s | %s | "
        .formatted(metric.id(), metric.typeWord(), labels, metric.help());
  }
}
