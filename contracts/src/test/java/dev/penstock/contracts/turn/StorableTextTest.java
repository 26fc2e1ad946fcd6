package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** SSE-9, SSE-10. */
class StorableTextTest {
  static Stream<Arguments> texts() {
    return Stream.of(
        Arguments.of("", ""),
        Arguments.of("Grüße \u0001\u2028", "Grüße \u0001\u2028"),
        Arguments.of("🚢", "🚢"),
        Arguments.of("a\0b\0", "a\uFFFDb\uFFFD"),
        Arguments.of("\uD83D", "\uFFFD"),
        Arguments.of("\uDEA2", "\uFFFD"),
        Arguments.of("\uDEA2\uD83D", "\uFFFD\uFFFD"),
        Arguments.of("\uD83D\uD83D\uDEA2", "\uFFFD🚢"),
        Arguments.of("🚢\uDEA2x", "🚢\uFFFDx"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void replacesNulAndUnpairedSurrogates(String text, String storable) {
    assertThat(StorableText.of(text)).isEqualTo(storable);
  }

  @Test
  void leavesStorableTextAsItIs() {
    var text = "harbour";

    assertThat(StorableText.of(text)).isSameAs(text);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void saysTheSameWhereverTheTextIsCut(String text, String storable) {
    for (var cut = 0; cut <= text.length(); cut++) {
      var pieces = new StorableText();
      assertThat(
              pieces.feed(text.substring(0, cut)) + pieces.feed(text.substring(cut)) + pieces.end())
          .isEqualTo(storable);
    }
    var chars = new StorableText();
    assertThat(
            text.chars()
                    .mapToObj(c -> chars.feed(String.valueOf((char) c)))
                    .collect(Collectors.joining())
                + chars.end())
        .isEqualTo(storable);
  }

  @Test
  void holdsHalfAPairBackUntilItsOtherHalfComes() {
    var pieces = new StorableText();

    assertThat(pieces.feed("a\uD83D")).isEqualTo("a");
    assertThat(pieces.feed("")).isEmpty();
    assertThat(pieces.feed("\uDEA2b")).isEqualTo("🚢b");
    assertThat(pieces.end()).isEmpty();
  }

  @Test
  void replacesHalfAPairOnceAtTheEnd() {
    var pieces = new StorableText();
    pieces.feed("\uD83D");

    assertThat(pieces.end()).isEqualTo("\uFFFD");
    assertThat(pieces.end()).isEmpty();
  }
}
