package dev.penstock.local.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.metric.Metric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds what {@code deploy/dashboards} asks for against what there is. With {@code
 * -Ddashboard.write=true} it writes the dashboard anew instead.
 */
class DashboardTest {
  private static final Path FOLDER = Path.of("../deploy/dashboards");
  private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");
  private static final Pattern LABELS = Pattern.compile("(by|on|without) \\([^)]*\\)|\\{[^}]*}");
  private static final Pattern RECORD = Pattern.compile("(?m)^ +- record: (\\S+)$");
  private static final Pattern EXPRESSION =
      Pattern.compile("(?m)^( +)expr: (?:>-?\\n((?:\\1 +.*\\n)+)|(.*))");
  private static final Set<String> WORDS =
      Set.of(
          "histogram_quantile",
          "sum",
          "max",
          "min",
          "rate",
          "increase",
          "by",
          "le",
          "s",
          "m",
          "h",
          "clamp_min",
          "and",
          "or",
          "on",
          "vector",
          "absent",
          "__rate_interval",
          "bool",
          "e");

  @Test
  void isWhatTheGeneratorMakes() throws IOException {
    var file = FOLDER.resolve("penstock.json");
    if (Boolean.getBoolean("dashboard.write")) {
      Files.writeString(file, Dashboard.json());
    }

    assertThat(Files.readString(file)).isEqualTo(Dashboard.json());
  }

  @Test
  void asksOnlyForWhatExists() {
    for (var row : Panels.rows().values()) {
      for (var panel : row) {
        for (var line : panel.lines()) {
          assertThat(unknown(line.query(), Set.of())).as(panel.title()).isEmpty();
        }
      }
    }
  }

  @Test
  void wouldNoticeAQueryForWhatDoesNotExist() {
    assertThat(unknown("sum(rate(chat_streams_lost_total[5m]))", Set.of()))
        .containsExactly("chat_streams_lost_total");
  }

  /** A label that a metric does not have would silently match nothing, or add everything up. */
  @Test
  void asksForNoLabelThatItsMetricLacks() {
    var labels =
        Stream.of(Metric.values())
            .flatMap(metric -> metric.labels().stream())
            .collect(Collectors.toCollection(HashSet::new));
    labels.addAll(List.of("le", "job", "instance"));
    for (var row : Panels.rows().values()) {
      for (var panel : row) {
        for (var line : panel.lines()) {
          var grouped = Pattern.compile("by \\(([^)]*)\\)").matcher(line.query()).results();
          assertThat(grouped.flatMap(by -> Stream.of(by.group(1).split(", "))))
              .as(panel.title())
              .isSubsetOf(labels);
        }
      }
    }
  }

  @Test
  void alertsOnlyOnWhatExists() throws IOException {
    var rules = Files.readString(FOLDER.resolve("rules.yml"));
    var recorded =
        RECORD.matcher(rules).results().map(each -> each.group(1)).collect(Collectors.toSet());

    var expressions = EXPRESSION.matcher(rules).results().toList();

    assertThat(expressions).hasSizeGreaterThan(10);
    for (var each : expressions) {
      var expression = each.group(2) != null ? each.group(2) : each.group(3);
      assertThat(unknown(expression, recorded)).as(expression).isEmpty();
    }
  }

  /**
   * Every metric is of use to somebody: it is on the dashboard, or the page says what it is for.
   */
  @Test
  void showsWhatServicesTellOfChats() {
    var shown = Dashboard.json();

    assertThat(Stream.of(Metric.values()).map(Metric::id).filter(id -> id.startsWith("chat_")))
        .filteredOn(id -> !id.equals(Metric.CHAT_QUEUE_BYTES.id()))
        .allMatch(shown::contains);
  }

  private static Set<String> unknown(String expression, Set<String> recorded) {
    var known =
        Stream.of(Metric.values())
            .flatMap(metric -> metric.samples().stream())
            .collect(Collectors.toCollection(HashSet::new));
    known.addAll(recorded);
    known.addAll(WORDS);
    var names =
        NAME.matcher(LABELS.matcher(expression).replaceAll(" ").replaceAll("[0-9]+[smh]", ""));
    return names
        .results()
        .map(java.util.regex.MatchResult::group)
        .filter(name -> !known.contains(name))
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
