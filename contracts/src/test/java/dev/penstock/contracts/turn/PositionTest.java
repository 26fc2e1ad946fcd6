package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** SSE-15; native-api.md section 4: signed 64 bits, attempt from 1, seq from 0. */
class PositionTest {
  private static final String TURN = "0199c1e2-8000-7aaa-8bbb-1234567890ab";

  @ParameterizedTest
  @CsvSource({
    "1.0, 1, 0",
    "1.17, 1, 17",
    "3.2147483648, 3, 2147483648",
    "9223372036854775807.9223372036854775807, 9223372036854775807, 9223372036854775807"
  })
  void readsWhatItWrites(String numbers, long attempt, long seq) {
    var position = new Position(UUID.fromString(TURN), attempt, seq);

    assertThat(position).hasToString(TURN + "." + numbers);
    assertThat(Position.parse(TURN + "." + numbers)).contains(position);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1.17",
        TURN,
        TURN + ".",
        TURN + ".1",
        TURN + ".1.",
        TURN + "..1",
        TURN + ".0.1",
        TURN + ".1.-1",
        TURN + ".-1.1",
        TURN + ".+1.1",
        TURN + ".1.1.1",
        TURN + ".1.1 ",
        " " + TURN + ".1.1",
        TURN + ".01.1",
        TURN + ".1.01",
        TURN + ".1.00",
        TURN + ".1.1\0",
        TURN + ".1.\u0661",
        TURN + ".a.1",
        TURN + ".1.1e3",
        TURN + "-1-1",
        TURN + ".9223372036854775808.0",
        TURN + ".1.9223372036854775808",
        TURN + ".1.99999999999999999999999999",
        "0199C1E2-8000-7AAA-8BBB-1234567890AB.1.1",
        "0199c1e280007aaa8bbb1234567890ab.1.1",
        "0199c1e2-8000-7aaa-8bbb-1234567890a.11.1",
        "199c1e2-8000-7aaa-8bbb-1234567890ab0.1.1",
        "{199c1e2-8000-7aaa-8bbb-1234567890a}.1.1",
        "0199c1e2_8000_7aaa_8bbb_1234567890ab.1.1"
      })
  void refusesEverythingElse(String text) {
    assertThat(Position.parse(text)).isEmpty();
  }
}
