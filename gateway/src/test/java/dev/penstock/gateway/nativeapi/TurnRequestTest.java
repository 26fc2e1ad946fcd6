package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.kit.problem.ProblemException;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bodies of native-api.md section 3. */
class TurnRequestTest {
  @Test
  void needsOnlyTheText() {
    var request = turn("{\"input\":{\"text\":\"Hi\"}}");

    assertThat(request)
        .isEqualTo(
            new TurnRequest(
                "Hi",
                null,
                null,
                GenerationOptions.NONE,
                OnDisconnect.CONTINUE,
                5000,
                Accept.OnBusy.REJECT,
                900_000));
  }

  @Test
  void readsEveryMember() {
    var request =
        turn(
            """
            {"input":{"text":"Hi"},"model":"m","agent":"a",
             "options":{"temperature":0.7,"top_p":0.95,"top_k":64,"max_tokens":512,"stop":["\\n\\n"],
                        "seed":-9223372036854775808,"think":"high"},
             "on_disconnect":"cancel","disconnect_grace_ms":0,"on_busy":"interrupt",
             "deadline_ms":3600000}""");

    assertThat(request.options().temperature()).isEqualTo(0.7);
    assertThat(request.options().topK()).isEqualTo(64);
    assertThat(request.options().stop()).isEqualTo(List.of("\n\n"));
    assertThat(request.options().seed()).isEqualTo(Long.MIN_VALUE);
    assertThat(request.options().think()).isEqualTo(Think.HIGH);
    assertThat(request.onDisconnect()).isEqualTo(OnDisconnect.CANCEL);
    assertThat(request.onBusy()).isEqualTo(Accept.OnBusy.INTERRUPT);
    assertThat(request.disconnectGraceMs()).isZero();
    assertThat(request.deadlineMs()).isEqualTo(3_600_000);
  }

  @Test
  void takesNullForAbsent() {
    assertThat(
            turn("{\"input\":{\"text\":\"Hi\"},\"model\":null,\"options\":null,\"on_busy\":null}"))
        .isEqualTo(turn("{\"input\":{\"text\":\"Hi\"}}"));
  }

  @Test
  void takesWholeNumbersHoweverTheyAreSpelt() {
    var request =
        turn("{\"input\":{\"text\":\"Hi\"},\"options\":{\"top_k\":4e1,\"max_tokens\":5.0}}");

    assertThat(request.options().topK()).isEqualTo(40);
    assertThat(request.options().maxTokens()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{}                                           | input.text",
        "{\"input\":{}}                               | input.text",
        "{\"input\":{\"text\":\"\"}}                  | input.text",
        "{\"input\":{\"text\":\" \\n\\t\"}}           | input.text",
        "{\"input\":{\"text\":7}}                     | input.text",
        "{\"input\":\"Hi\"}                           | input",
        "{\"input\":{\"text\":\"Hi\",\"role\":\"system\"}} | input.role",
        "{\"input\":{\"text\":\"Hi\"},\"tenant\":\"x\"} | tenant",
        "{\"input\":{\"text\":\"Hi\"},\"on_busy\":\"queue\"} | on_busy",
        "{\"input\":{\"text\":\"Hi\"},\"on_disconnect\":true} | on_disconnect",
        "{\"input\":{\"text\":\"Hi\"},\"disconnect_grace_ms\":600001} | disconnect_grace_ms",
        "{\"input\":{\"text\":\"Hi\"},\"disconnect_grace_ms\":-1} | disconnect_grace_ms",
        "{\"input\":{\"text\":\"Hi\"},\"deadline_ms\":999} | deadline_ms",
        "{\"input\":{\"text\":\"Hi\"},\"deadline_ms\":3600001} | deadline_ms",
        "{\"input\":{\"text\":\"Hi\"},\"deadline_ms\":\"5000\"} | deadline_ms",
        "{\"input\":{\"text\":\"Hi\"},\"options\":{\"think\":0}} | options.think",
        "{\"input\":{\"text\":\"Hi\"},\"options\":{\"num_ctx\":1}} | options.num_ctx",
      })
  void namesTheMemberThatIsWrong(String body, String field) {
    refused(() -> turn(body), field.strip());
  }

  @Test
  void countsTheTextInBytesOfUtf8() {
    assertThat(turn(text("é".repeat(131_072))).text()).hasSize(131_072);
    refused(() -> turn(text("é".repeat(131_072) + "x")), "input.text");
  }

  @Test
  void takesLessForARegenerationAndStillLessForAContinuation() {
    var regenerate = "{\"model\":\"m\",\"options\":{\"seed\":1}}";

    assertThat(TurnRequest.forRegenerate(json(regenerate)).model()).isEqualTo("m");
    assertThat(TurnRequest.forRegenerate(json("{}")).text()).isNull();
    assertThat(TurnRequest.forContinue(json("{\"options\":{\"seed\":1}}")).options().seed())
        .isEqualTo(1);
    refused(() -> TurnRequest.forContinue(json(regenerate)), "model");
    refused(() -> TurnRequest.forRegenerate(json(text("Hi"))), "input");
  }

  @Test
  void doesNotAskForMoreTokensThanTheModelGives() {
    var most = turn("{\"input\":{\"text\":\"Hi\"},\"options\":{\"max_tokens\":8192}}");
    var more = turn("{\"input\":{\"text\":\"Hi\"},\"options\":{\"max_tokens\":8193}}");

    most.check(GatewayFixture.GEMMA);
    refused(() -> more.check(GatewayFixture.GEMMA), "options.max_tokens");
  }

  private static void refused(Runnable reading, String field) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            ProblemException.class,
            refused -> {
              assertThat(refused.problem().status()).isEqualTo(400);
              assertThat(
                      refused
                          .problem()
                          .toJson("r")
                          .getJsonArray("errors")
                          .getJsonObject(0)
                          .getString("field"))
                  .isEqualTo(field);
            });
  }

  private static TurnRequest turn(String body) {
    return TurnRequest.forTurn(json(body));
  }

  private static String text(String text) {
    return "{\"input\":{\"text\":\"" + text + "\"}}";
  }

  private static com.fasterxml.jackson.databind.JsonNode json(String text) {
    return StrictJson.parse(Buffer.buffer(text));
  }
}
