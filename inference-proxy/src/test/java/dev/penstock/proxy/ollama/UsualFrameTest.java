package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What it reads it reads as the JSON parser does; what it does not know it leaves to it. */
class UsualFrameTest {
  private static final String USUAL =
      "{\"model\":\"gemma3:4b\",\"created_at\":\"2026-03-02T10:11:12.1Z\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\" Grüße 🐼\"},\"done\":false}";

  @Test
  void readsTheTextOfATokenFrame() {
    assertThat(text(USUAL)).isEqualTo(" Grüße 🐼");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"model\":\"",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"a\\nb\"},\"done\":false}",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":true}",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}\r",
        "{\"model\":\"{\",\"message\":{\"role\":\"assistant\",\"content\":\"a\"},\"done\":false}",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"b\"},\"done\":false}",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"},\"done\":false}",
        "{\"error\":\"x\"}"
      })
  void leavesEverythingElseToTheParser(String line) {
    assertThat(text(line)).isNull();
  }

  /** Any change of a few bytes of a frame: never another text than the parser's, never an error. */
  @Test
  void neverReadsAnythingElseThanTheParserWould() {
    var random = new Random(7);
    var alphabet = "\"\\{},:[]ax\n \u0001é".getBytes(StandardCharsets.UTF_8);
    for (var round = 0; round < 200_000; round++) {
      var line = USUAL.getBytes(StandardCharsets.UTF_8);
      var from = USUAL.indexOf("\"message");
      for (var change = 0; change <= random.nextInt(3); change++) {
        line[from + random.nextInt(line.length - from)] = alphabet[random.nextInt(alphabet.length)];
      }
      var text = UsualFrame.text(line, 0, line.length);
      if (text != null) {
        assertThat(text).isEqualTo(parsed(new String(line, StandardCharsets.UTF_8)));
      }
    }
  }

  private static @Nullable String text(String line) {
    var bytes = line.getBytes(StandardCharsets.UTF_8);
    return UsualFrame.text(bytes, 0, bytes.length);
  }

  private static String parsed(String line) {
    var frame = new ChatFrame();
    try {
      frame.read(line);
    } catch (IOException e) {
      throw new AssertionError("the parser refuses " + line, e);
    }
    assertThat(frame.done).isFalse();
    assertThat(frame.error).isNull();
    return frame.content;
  }
}
