package dev.penstock.bench.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedTest {
  @Test
  void takesTheThirdFromEitherEndOfTwelve() {
    var paired = new Paired();
    for (var percent = 1; percent <= 12; percent++) {
      paired.add(100 + percent, 100);
    }

    assertThat(paired.medianPercent()).isCloseTo(6.5, within(1e-6));
    assertThat(paired.leastPercent()).isCloseTo(3, within(1e-6));
    assertThat(paired.mostPercent()).isCloseTo(10, within(1e-6));
  }

  @Test
  void comparesWithinPairsSoThatADriftOfTheMachineDoesNotCount() {
    var paired = new Paired();
    for (var round = 1; round <= 12; round++) {
      paired.add(10.0 * round * 1.02, 10.0 * round);
    }

    assertThat(paired.leastPercent()).isCloseTo(2, within(1e-6));
    assertThat(paired.mostPercent()).isCloseTo(2, within(1e-6));
  }
}
