package dev.penstock.kit.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HistogramTest {
  private final Metrics metrics = new Metrics();
  private final Labelled<Histogram> waits =
      metrics.histogram("a_wait_seconds", "A wait", List.of(.1, 1.), 3, List.of("kind"));

  @Test
  void countsAValueUpToEachBoundItDoesNotExceed() {
    waits.of("a").record(100_000_000);
    waits.of("a").record(100_000_001);
    waits.of("a").record(2_000_000_000);

    assertThat(metrics.scrape())
        .contains(
            "# TYPE a_wait_seconds histogram",
            "a_wait_seconds_bucket{kind=\"a\",le=\"0.1\"} 1\n",
            "a_wait_seconds_bucket{kind=\"a\",le=\"1.0\"} 2\n",
            "a_wait_seconds_bucket{kind=\"a\",le=\"+Inf\"} 3\n",
            "a_wait_seconds_count{kind=\"a\"} 3\n",
            "a_wait_seconds_sum{kind=\"a\"} 2.2");
  }

  @Test
  void showsWhatALoopRecordedOnceItIsPublished() {
    var mine = waits.of("a").onLoop();

    mine.record(50_000_000);
    mine.record(500_000_000);
    assertThat(metrics.scrape()).contains("a_wait_seconds_count{kind=\"a\"} 0");
    mine.publish();
    mine.publish();

    assertThat(metrics.scrape())
        .contains(
            "a_wait_seconds_bucket{kind=\"a\",le=\"0.1\"} 1\n",
            "a_wait_seconds_count{kind=\"a\"} 2\n",
            "a_wait_seconds_sum{kind=\"a\"} 0.55\n");
  }

  @Test
  void countsWhatIsBeyondItsBoundOfLabelsTogether() {
    for (var kind : List.of("a", "b", "c", "d", "a")) {
      waits.of(kind).record(1);
    }

    assertThat(metrics.scrape())
        .contains(
            "a_wait_seconds_count{kind=\"a\"} 2\n",
            "a_wait_seconds_count{kind=\"b\"} 1\n",
            "a_wait_seconds_count{kind=\"_other\"} 2\n")
        .doesNotContain("kind=\"c\"");
  }

  @Test
  void isOneForAllWhoAskForItsName() {
    var again = metrics.histogram("a_wait_seconds", "A wait", List.of(.1, 1.), 3, List.of("kind"));

    assertThat(again).isSameAs(waits);
  }

  @Test
  void takesATimeThatRanBackwardsForNone() {
    waits.of("a").record(-5);

    assertThat(metrics.scrape()).contains("a_wait_seconds_sum{kind=\"a\"} 0.0\n");
  }
}
