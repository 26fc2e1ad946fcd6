package dev.penstock.contracts.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.turn.StorableText;
import io.vertx.core.buffer.Buffer;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** SSE-5. */
class JsonStringTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "``, `\"\"`",
        "a, `\"a\"`",
        "`\"\\`, `\"\\\"\\\\\"`",
        "`\b\t\n\f\r`, `\"\\b\\t\\n\\f\\r\"`",
        "`\0\u0001\u001f`, `\"\\u0000\\u0001\\u001f\"`",
        "/\u007f\u0085\u2028🚢, `\"/\u007f\u0085\u2028🚢\"`",
      })
  void escapesWhatWouldBreakALineOrALiteral(String text, String literal) {
    assertThat(JsonString.append(Buffer.buffer(), text)).hasToString(literal);
    assertThat(JsonString.append(new StringBuilder(), text)).hasToString(literal);
  }

  @Property(tries = 500)
  void isReadAsTheTextItWasMadeOf(@ForAll String any) {
    var text = StorableText.of(any);

    var bytes = JsonString.append(Buffer.buffer(), text);
    var chars = JsonString.append(new StringBuilder(), text);

    assertThat(bytes).hasToString(chars.toString());
    assertThat(Wire.decode(bytes, String.class)).isEqualTo(text);
  }
}
