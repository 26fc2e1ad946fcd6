package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Go writes and reads in its own way (ollama-api.md sections 2, 7 and 8). */
class GoCodecTest {
  @Test
  void escapesHtmlAndLineSeparatorsToo() {
    assertThat(literal("<b>&\"\\ \n\t\u0001 é€🐼\u2028\u2029\u202a"))
        .isEqualTo("\"\\u003cb\\u003e\\u0026\\\"\\\\ \\n\\t\\u0001 é€🐼\\u2028\\u2029\u202a\"");
  }

  /** Go would not, but ollama-python cuts lines there. */
  @Test
  void escapesTheNextLineCharacterOfC1() {
    assertThat(literal("a\u0085b\u0084\u00c2é")).isEqualTo("\"a\\u0085b\u0084\u00c2é\"");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "plain", "\u0085", "<", "a<", "<a", "\u2028", "x\u2029y", "\b\f\r", "ﬀ𝄞"})
  void writesWhatEveryReaderTakes(String text) {
    assertThat(Wire.decode(literal(text), JsonNode.class).textValue()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-03-02T10:11:12.123456789Z",
        "2026-03-02T10:11:13.5Z",
        "2026-12-31T23:59:59Z",
        "2318-07-01T00:00:00.00000001Z"
      })
  void trimsTheZerosOfAFraction(String text) {
    assertThat(GoTime.text(Instant.parse(text))).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "0.0, true",
    "300, false",
    "-1, false",
    "'\"0\"', true",
    "'\"0s\"', true",
    "'\"-1m\"', false"
  })
  void knowsWhenAModelMayGo(String json, boolean goes) {
    assertThat(KeepAlive.isZero(Wire.decode(json, JsonNode.class))).isEqualTo(goes);
  }

  @ParameterizedTest
  @CsvSource({
    "tiny, registry.ollama.ai/library/tiny:latest",
    "gemma3:4b, registry.ollama.ai/library/gemma3:4b",
    "me/own, registry.ollama.ai/me/own:latest",
    "host:80/me/own:x, host:80/me/own:x",
  })
  void completesNames(String name, String qualified) {
    assertThat(ModelName.qualified(name)).isEqualTo(qualified);
    assertThat(ModelName.isValid(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ":", "a b", "a/", "-x", "a:b:c", "ä"})
  void knowsWhatIsNoName(String name) {
    assertThat(ModelName.isValid(name)).isFalse();
  }

  private static String literal(String text) {
    return GoString.append(Buffer.buffer(), text).toString();
  }
}
