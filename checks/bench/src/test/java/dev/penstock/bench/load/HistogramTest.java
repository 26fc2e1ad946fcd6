package dev.penstock.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HistogramTest {
  @Test
  void tellsQuantilesWithinThreePercent() {
    var histogram = new Histogram();
    for (var micros = 1; micros <= 100_000; micros++) {
      histogram.add(micros);
    }

    assertThat(histogram.total()).isEqualTo(100_000);
    assertThat(histogram.quantile(0.50)).isCloseTo(50_000, within(1_600.0));
    assertThat(histogram.quantile(0.99)).isCloseTo(99_000, within(3_100.0));
  }

  @Test
  void tellsSmallDurationsExactly() {
    var histogram = new Histogram();
    histogram.add(7);

    assertThat(histogram.quantile(0.5)).isEqualTo(7);
    assertThat(new Histogram().quantile(0.5)).isNaN();
  }
}
