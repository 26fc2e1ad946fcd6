package dev.penstock.gateway.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
  @Test
  void readsOneDocument() {
    var node = StrictJson.parse(Buffer.buffer(" {\"a\":[1,2.5,null,\"Grüße 🐼\"]}\n"));

    assertThat(node.at("/a/3").textValue()).isEqualTo("Grüße 🐼");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "[1,",
        "{\"a\":1,}",
        "nul",
        "1 2",
        "{} x",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"\\u0062\":2}}",
        "{a:1}",
        "'a'",
        "// x\n1",
        "+1",
        "01",
        ".5",
        "NaN",
        "\"\u0001\""
      })
  void refusesEverythingElse(String text) {
    refused(Buffer.buffer(text));
  }

  @Test
  void refusesNestingBeyond32() {
    assertThat(StrictJson.parse(Buffer.buffer("[".repeat(32) + "]".repeat(32)))).hasSize(1);
    assertThat(refused(Buffer.buffer("[".repeat(33) + "]".repeat(33))).problem().detail())
        .contains("32");
    refused(Buffer.buffer("{\"a\":".repeat(10_000)));
  }

  @Test
  void refusesNumbersWithoutEnd() {
    assertThat(StrictJson.parse(Buffer.buffer("9".repeat(100))).isNumber()).isTrue();
    refused(Buffer.buffer("9".repeat(101)));
    refused(Buffer.buffer("0." + "1".repeat(1_000_000)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00ff",
        "\u00c3",
        "\u00c0\u0080",
        "\u00ed\u00a0\u0080",
        "\u00f5\u0080\u0080\u0080"
      })
  void refusesWhatIsNoUtf8(String bytes) {
    var text = "\"" + bytes + "\"";

    var refused = refused(Buffer.buffer(text.getBytes(StandardCharsets.ISO_8859_1)));

    assertThat(refused.problem().members().toString()).contains("UTF-8");
  }

  @Test
  void saysNothingOfTheParserOrTheText() {
    var refused = refused(Buffer.buffer("{\"secret\":hunter2}"));

    assertThat(refused.problem().toJson("r").encode())
        .doesNotContain("hunter2", "Jackson", "token", "column");
  }

  private static ProblemException refused(Buffer body) {
    var refused = new ProblemException[1];
    assertThatThrownBy(() -> StrictJson.parse(body))
        .isInstanceOfSatisfying(
            ProblemException.class,
            thrown -> {
              refused[0] = thrown;
              assertThat(thrown.problem().status()).isEqualTo(400);
              assertThat(thrown.problem().code()).isEqualTo("invalid_request");
            });
    return refused[0];
  }
}
