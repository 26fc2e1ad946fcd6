package dev.penstock.proxy.openai;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UsualChunkTest {
  private final UsualChunk usual = new UsualChunk();

  @Test
  void knowsNothingAtFirst() {
    assertThat(usual.text("{\"content\":\"a\"}")).isNull();
  }

  @Test
  void readsTheTextBetweenWhatItHasLearnt() {
    learn("{\"content\":\"a\"}");

    assertThat(usual.text("{\"content\":\" grüßt 🐼\"}")).isEqualTo(" grüßt 🐼");
    assertThat(usual.text("{\"content\":\"\"}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"content\":\"a\\n\"}",
        "{\"content\":\"a\",\"content\":\"b\"}",
        "{\"content\":\"a\"}}",
        "{\"content\":\"a\",\"x\":\"\"}",
        "{\"content\":\"",
        "{\"content\":",
        "[DONE]",
      })
  void leavesEverythingElseToTheParser(String chunk) {
    learn("{\"content\":\"a\"}");

    assertThat(usual.text(chunk)).isNull();
  }

  @Test
  void doesNotLearnFromATextWithAnEscape() {
    usual.learn("{\"content\":\"\\n\"}", 12, 14);

    assertThat(usual.text("{\"content\":\"a\"}")).isNull();
  }

  private void learn(String chunk) {
    usual.learn(chunk, 12, 13);
  }
}
