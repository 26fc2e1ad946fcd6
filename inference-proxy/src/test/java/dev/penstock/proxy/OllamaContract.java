package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What holds in front of every Ollama, the simulated one and a real one. */
abstract class OllamaContract {
  /** A proxy whose upstream is that Ollama. */
  abstract ProxyDriver proxy();

  /** A model that is installed there. */
  abstract String model();

  @Test
  void streamsAnAnswerAndItsCounts() {
    var call = proxy().generate(asking("Count to three.", 64));

    assertThat(call.next(Started.class).model()).isNotEmpty();
    var finished = call.finish();

    assertThat(finished.reason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
    assertThat(finished.usage().inputTokens()).isPositive();
    assertThat(finished.usage().outputTokens()).isBetween(1, 64);
    assertThat(finished.usage().estimated()).isFalse();
  }

  @Test
  void endsAnAnswerAtItsBoundAsLength() {
    var finished = proxy().generate(asking("Tell me all about red pandas.", 4)).finish();

    assertThat(finished.reason()).isEqualTo(FinishReason.LENGTH);
    assertThat(finished.usage().outputTokens()).isEqualTo(4);
  }

  @Test
  void servesTheNextOneAfterACancel() {
    var cancelled = proxy().generate(asking("Tell me all about red pandas.", 2_000));
    cancelled.next(Started.class);
    cancelled.leave();

    assertThat(proxy().generate(asking("Hello.", 4)).finish().usage().outputTokens()).isPositive();
  }

  /** turns.md T-24. */
  @Test
  void knowsWhetherTheModelContinuesAndHowMuchItReads() {
    var probed = probe(model());

    assertThat(probed.continues()).isNotNull();
    assertThat(probed.contextLength()).isPositive();
    assertThat(probed.state()).isEqualTo(ServedModel.State.READY);
  }

  /** Never the silent cut of ollama-api.md section 0, item 8. */
  @Test
  void saysThatAConversationIsTooLong() {
    int context = Objects.requireNonNull(probe(model()).contextLength());
    assumeThat(context).as("a context that is small enough to overflow").isLessThan(40_000);

    var refused = proxy().generate(asking("panda ".repeat(context * 3 / 2), 4));

    Await.until(refused::isRefused, "a refusal");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("code"))
        .isEqualTo(FailureCode.CONTEXT_LENGTH_EXCEEDED.wire());
  }

  final ServedModel probe(String model) {
    var answer = proxy().call(HttpMethod.POST, "/models/" + model + "/probe", "");
    return Wire.decode(Buffer.buffer(answer.text()), ServedModel.class);
  }

  final GenerationRequest asking(String text, int maxTokens) {
    return request(
        model(),
        List.of(new ChatMessage(Role.USER, text)),
        GenerationOptions.NONE.withMaxTokens(maxTokens),
        false);
  }

  static GenerationRequest request(
      String model, List<ChatMessage> messages, GenerationOptions options, boolean continues) {
    return new GenerationRequest(
        "default", null, model, messages, options, continues, Priority.INTERACTIVE, 120_000);
  }
}
