package dev.penstock.gojson;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoDurationTest {
  @ParameterizedTest
  @CsvSource({
    "10m,PT10M",
    "1h30m,PT1H30M",
    "-1m,PT-1M",
    "0,PT0S",
    "1.5s,PT1.5S",
    "250ms,PT0.25S",
    "+2us,PT0.000002S",
    ".5h,PT30M"
  })
  void readsWhatGoReads(String text, Duration duration) {
    assertThat(GoDuration.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 minutes|time: unknown unit \" minutes\" in duration \"5 minutes\"",
        "300|time: missing unit in duration \"300\"",
        "soon|time: invalid duration \"soon\"",
        "-|time: invalid duration \"-\"",
        ".s|time: invalid duration \".s\""
      })
  void refusesTheRestInGosWords(String text, String error) {
    assertThatThrownBy(() -> GoDuration.parse(text)).hasMessage(error);
  }
}
