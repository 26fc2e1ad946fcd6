package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Conversations that are longer than their model can read. */
class LongConversationTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String TOO_LONG =
      "request (36048 tokens) exceeds the available context size (4096 tokens), try increasing it";

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of(), ollama);
  }

  @AfterEach
  void nothingLeaks() {
    proxy.awaitIdle();
    proxy.close();
    ollama.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  /** openai-api.md section 6, {@code truncation}; ollama-api.md section 4, {@code truncate}. */
  @Test
  void leavesOutItsOlderHalfUntilTheModelCanReadTheRest() {
    var call = proxy.generate(asking(AnswerForm.PLAIN.withTruncation(true)));

    ollama.awaitChat().refuses(400, TOO_LONG);
    var shorter = ollama.awaitChat();
    assertThat(texts(shorter)).containsExactly("Be kind.", "q2", "a2", "q3");
    shorter.refuses(400, TOO_LONG);
    var shortest = ollama.awaitChat();
    assertThat(texts(shortest)).containsExactly("Be kind.", "q3");
    shortest.says("Bamboo").finishes();

    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void isRefusedWhereEvenTheQuestionIsTooLong() {
    var call = proxy.generate(asking(AnswerForm.PLAIN.withTruncation(true)));

    for (var i = 0; i < 3; i++) {
      ollama.awaitChat().refuses(400, TOO_LONG);
    }

    assertThat(call.status()).isEqualTo(400);
    assertThat(call.json().getString("code")).isEqualTo("context_length_exceeded");
  }

  @Test
  void isRefusedWhereNothingMayBeLeftOut() {
    var call = proxy.generate(asking(AnswerForm.PLAIN));

    ollama.awaitChat().refuses(400, TOO_LONG);

    assertThat(call.status()).isEqualTo(400);
    assertThat(call.json().getString("code")).isEqualTo("context_length_exceeded");
  }

  private static GenerationRequest asking(AnswerForm form) {
    var messages =
        Stream.concat(
                Stream.of(new ChatMessage(Role.SYSTEM, "Be kind.")),
                IntStream.range(0, 4)
                    .boxed()
                    .flatMap(
                        i ->
                            Stream.of(
                                new ChatMessage(Role.USER, "q" + i),
                                new ChatMessage(Role.ASSISTANT, "a" + i))))
            .limit(8)
            .toList();
    return new GenerationRequest(
        "default",
        null,
        "gemma3:1b",
        messages,
        GenerationOptions.NONE,
        false,
        Priority.INTERACTIVE,
        60_000,
        form);
  }

  private static List<String> texts(FakeOllama.Chat chat) {
    return chat.body().getJsonArray("messages").stream()
        .map(each -> ((JsonObject) each).getString("content"))
        .toList();
  }
}
