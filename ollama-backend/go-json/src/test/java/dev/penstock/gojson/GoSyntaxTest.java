package dev.penstock.gojson;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are those of Go's encoding/json scanner. */
class GoSyntaxTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{bad}|invalid character 'b' looking for beginning of object key string",
        "{\"a\" 1}|invalid character '1' after object key",
        "{\"a\":}|invalid character '}' looking for beginning of value",
        "{\"a\":1 \"b\"}|invalid character '\"' after object key:value pair",
        "{\"a\":1,}|invalid character '}' looking for beginning of object key string",
        "[1 2]|invalid character '2' after array element",
        "[1,]|invalid character ']' looking for beginning of value",
        "nul]|invalid character ']' in literal null (expecting 'l')",
        "tru x|invalid character ' ' in literal true (expecting 'e')",
        "\"\\x\"|invalid character 'x' in string escape code",
        "\"\\u12g4\"|invalid character 'g' in \\u hexadecimal character escape",
        "-x|invalid character 'x' in numeric literal",
        "1.x|invalid character 'x' after decimal point in numeric literal",
        "1ex|invalid character 'x' in exponent of numeric literal",
        "{\"a\":'b'}|invalid character '\\'' looking for beginning of value",
        "{\"a\":[{\"b\":[1,{}]}|unexpected EOF",
        "{|unexpected EOF",
        "{\"a|unexpected EOF"
      })
  void namesTheFirstError(String text, String error) {
    assertThat(GoSyntax.firstError(text)).contains(error);
  }

  @Test
  void namesAControlCharacterInAString() {
    assertThat(GoSyntax.firstError("\"a\nb\""))
        .contains("invalid character '\\n' in string literal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "[]",
        " {\"a\" : [ 1 , -2.5e+3, true, null, \"x\\u00e9\\n\", {} , [] ] } ",
        "0",
        "\"\""
      })
  void findsNothingWrongWithJson(String text) {
    assertThat(GoSyntax.firstError(text)).isEmpty();
  }
}
