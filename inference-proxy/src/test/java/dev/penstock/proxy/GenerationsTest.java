package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Usage;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /generations} where nothing goes wrong (design section 7). */
class GenerationsTest {
  private static final Vertx VERTX = Vertx.vertx();

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of("OLLAMA_NUM_PARALLEL", "4"), ollama);
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

  @Test
  void relaysTheAnswerAsItComesAndEndsWithUsageAndTimings() {
    var call = proxy.generate();
    var chat = ollama.awaitChat();

    chat.says("Bamboo");
    assertThat(call.next()).isEqualTo(new Started("ollama-1", "gemma3:1b"));
    assertThat(call.next()).isEqualTo(new Delta("Bamboo"));
    chat.says(", mostly. 🐼");
    assertThat(call.next()).isEqualTo(new Delta(", mostly. 🐼"));
    chat.finishes("stop", 14, 5);

    var finished = call.next(Finished.class);
    assertThat(finished.reason()).isEqualTo(FinishReason.STOP);
    assertThat(finished.usage()).isEqualTo(new Usage(14, 5, false));
    assertThat(finished.timings().prefillMs()).isEqualTo(30);
    assertThat(finished.timings().decodeMs()).isEqualTo(120);
    assertThat(finished.timings().queuedMs()).isBetween(0L, 2_000L);
    assertThat(finished.timings().firstTokenMs()).isBetween(0L, 5_000L);
    assertThat(call.endsCleanly()).isTrue();
  }

  /** sse.md sections 1 and 7. */
  @Test
  void framesEventsAsServerSentEventsWithoutIds() {
    var call = proxy.generate();
    ollama.awaitChat().says("a\nb").finishes();

    assertThat(call.text())
        .startsWith(
            "event: started\ndata: {\"upstream\":\"ollama-1\",\"model\":\"gemma3:1b\"}\n\n"
                + "event: delta\ndata: {\"text\":\"a\\nb\"}\n\nevent: finished\ndata: {")
        .endsWith("}\n\n")
        .doesNotContain("id:", "\r");
    assertThat(call.header("content-type")).isEqualTo("text/event-stream; charset=utf-8");
    assertThat(call.header("cache-control")).isEqualTo("no-store, no-transform");
    assertThat(call.header("x-accel-buffering")).isEqualTo("no");
  }

  /** Within the 250 ms for which the gateway holds its status line (sse.md SSE-32). */
  @Test
  void saysThatItHasStartedBeforeTheFirstToken() {
    var call = proxy.generate();
    var chat = ollama.awaitChat();

    assertThat(call.next()).isInstanceOf(Started.class);
    assertThat(call.status()).isEqualTo(200);

    chat.says("Bamboo").finishes();
    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void relaysAnAnswerWithoutTextAndOneThatReachedItsBound() {
    var empty = proxy.generate();
    ollama.awaitChat().finishes();
    assertThat(empty.next()).isInstanceOf(Started.class);
    assertThat(empty.next()).isInstanceOf(Finished.class);

    var bounded = proxy.generate();
    ollama.awaitChat().says("a").finishes("length", 1, 1);
    assertThat(bounded.awaitText("a").next(Finished.class).reason()).isEqualTo(FinishReason.LENGTH);
  }

  /** turns.md T-40. */
  @Test
  void countsForItselfWhatTheModelServerDidNotCount() {
    var call = proxy.generate();
    ollama
        .awaitChat()
        .says("a")
        .says("b")
        .sends("{\"message\":{\"content\":\"\"},\"done\":true,\"done_reason\":\"stop\"}\n")
        .ends();

    var usage = call.awaitText("ab").next(Finished.class).usage();

    assertThat(usage.estimated()).isTrue();
    assertThat(usage.outputTokens()).isEqualTo(3);
    assertThat(usage.inputTokens()).isPositive();
  }

  /** turns.md T-39, openai-api.md section 11. */
  @Test
  void boundsEveryAnswerAndThinksOnlyWhereTheModelCan() {
    var asked =
        new GenerationOptions(0.5, null, null, 64, null, 7L, Think.ON, null, null, null, null);

    proxy.generate(ProxyDriver.request(asked));
    var bounded = ollama.awaitChat();
    proxy.generate();
    var unbounded = ollama.awaitChat();

    assertThat(bounded.body().getJsonObject("options").getInteger("num_predict")).isEqualTo(64);
    assertThat(bounded.body().getValue("think")).isEqualTo(false);
    assertThat(unbounded.body().getJsonObject("options").getInteger("num_predict")).isEqualTo(8192);
    bounded.finishes();
    unbounded.finishes();
  }

  /** sse.md SSE-26. */
  @Test
  void keepsAQuietConnectionAliveWithACommentEveryFiveSeconds() {
    var call = proxy.generate();
    var chat = ollama.awaitChat();
    assertThat(call.next()).isInstanceOf(Started.class);

    Await.until(() -> call.received().endsWith("\n\n:\n"), "a keep-alive");

    chat.says("Bamboo").finishes();
    call.awaitText("Bamboo").next(Finished.class);
  }

  @Test
  void relaysManyAnswersAtOnceWithoutMixingThem() {
    var calls = new Call[4];
    for (var i = 0; i < calls.length; i++) {
      calls[i] = proxy.generate();
      var chat = ollama.awaitChat();
      for (var k = 0; k < 200; k++) {
        chat.says(i + "." + k + " ");
      }
      chat.finishes();
    }

    for (var i = 0; i < calls.length; i++) {
      var expected = new StringBuilder();
      for (var k = 0; k < 200; k++) {
        expected.append(i).append('.').append(k).append(' ');
      }
      calls[i].awaitText(expected.toString()).next(Finished.class);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"model\":\"gemma3:1b\",\"messages\":[],\"deadline_ms\":1000}",
        "{\"model\":\"gemma3:1b\",\"messages\":[{\"role\":\"user\"}],\"deadline_ms\":1000}",
        "{\"model\":\"gemma3:1b\",\"messages\":[{\"role\":\"user\",\"text\":\"hi\"}]}",
        "{\"model\":\"\",\"messages\":[{\"role\":\"user\",\"text\":\"hi\"}],\"deadline_ms\":1000}",
        "{\"model\":\"gemma3:1b\",\"messages\":[{\"role\":\"cook\",\"text\":\"hi\"}],\"deadline_ms\":1}"
      })
  void refusesARequestItCannotRead(String body) {
    var call = proxy.call(HttpMethod.POST, "/generations", body);

    assertThat(call.status()).isEqualTo(400);
    assertThat(call.json().getString("code")).isEqualTo("invalid_request");
  }

  @Test
  void tellsItsHealthAndThatOfItsUpstreams() {
    assertThat(proxy.get("/health").getString("status")).isEqualTo("healthy");
    assertThat(proxy.get("/health").getJsonObject("dependencies").getString("ollama-1"))
        .isEqualTo("healthy");
    assertThat(proxy.call(HttpMethod.GET, "/readyz", "").status()).isEqualTo(200);
  }
}
