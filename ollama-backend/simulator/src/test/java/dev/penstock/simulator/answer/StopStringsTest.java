package dev.penstock.simulator.answer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StopStringsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "one two three|two|one ",
        "one two three|x|one two three",
        "aaab|aab|a",
        "abcabd|abd|abc",
        "end|end|''",
        "ends with a begin|beginning|ends with a begin",
        "first of both|both,of|first "
      })
  void endsBeforeTheFirstStopStringHoweverTheTextIsCut(String text, String stops, String shown) {
    for (var first = 0; first <= text.length(); first++) {
      for (var second = first; second <= text.length(); second++) {
        assertThat(
                passed(
                    List.of(stops.split(",")),
                    text.substring(0, first),
                    text.substring(first, second),
                    text.substring(second)))
            .isEqualTo(shown);
      }
    }
  }

  @Test
  void passesTokensAsTheyAreWithoutStopStrings() {
    var stops = new StopStrings(List.of());

    assertThat(stops.accept(" token")).isEqualTo(" token");
    assertThat(stops.rest()).isEmpty();
  }

  @Test
  void holdsBackNoMoreThanWhatMayBeAStopString() {
    var stops = new StopStrings(List.of("END"));

    assertThat(stops.accept("the E")).isEqualTo("the ");
    assertThat(stops.accept("lf")).isEqualTo("Elf");
  }

  private static String passed(List<String> stops, String... tokens) {
    var filter = new StopStrings(stops);
    var pieces = new ArrayList<String>();
    for (var token : tokens) {
      if (!filter.reached()) {
        pieces.add(filter.accept(token));
      }
    }
    pieces.add(filter.rest());
    return String.join("", pieces);
  }
}
