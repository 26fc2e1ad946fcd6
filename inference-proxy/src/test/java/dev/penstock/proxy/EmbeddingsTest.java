package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code POST /embeddings}: a slot like any other, and one document back. */
class EmbeddingsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String ONE_VECTOR = "[[0.6,-0.8]]";

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    ollama.canOnlyEmbed();
    proxy = start(Map.of());
  }

  private ProxyDriver start(Map<String, String> settings) {
    return ProxyDriver.start(settings, ollama);
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
  void answersOneVectorForEachInput() {
    var call =
        embed(
            new EmbeddingsRequest(
                "t", "gemma3:1b", List.of("a", "b"), 2, true, Priority.INTERACTIVE, 60_000));
    var asked = ollama.awaitChat();

    assertThat(asked.body())
        .isEqualTo(
            new JsonObject(
                "{\"model\":\"gemma3:1b\",\"input\":[\"a\",\"b\"],\"truncate\":true,\"dimensions\":2}"));
    asked.answers(vectors("[[0.6,-0.8],[1,0]]").put("prompt_eval_count", 4));

    var answer = Wire.decode(Buffer.buffer(call.text()), Embeddings.class);
    assertThat(answer.vectors()).hasSize(2);
    assertThat(answer.vectors().getFirst()).containsExactly(0.6f, -0.8f);
    assertThat(answer.usage()).isEqualTo(new Usage(4, 0, false));
  }

  @Test
  void loadsAModelThatCanOnlyEmbedByEmbeddingNothing() {
    ollama.close();
    ollama = FakeOllama.start(VERTX);
    ollama.canOnlyEmbed();
    proxy.close();
    proxy = start(Map.of());

    var call = embed("a");
    ollama.awaitChat().answers(vectors(ONE_VECTOR));

    assertThat(call.status()).isEqualTo(200);
    assertThat(ollama.loads()).hasSize(1);
    assertThat(ollama.loads().getFirst().getMap()).doesNotContainKeys("keep_alive", "options");
  }

  /** A slot is a slot: while one is embedding, a second one waits. */
  @Test
  void holdsASlotUntilTheVectorsAreThere() {
    var first = embed("a");
    var asked = ollama.awaitChat();
    var second = embed("b");
    Await.until(() -> proxy.gauge("chat_queue_depth") == 1, "the second to wait");
    assertThat(proxy.gauge("chat_slots_in_use")).isEqualTo(1);

    asked.answers(vectors(ONE_VECTOR));
    assertThat(first.status()).isEqualTo(200);

    ollama.awaitChat().answers(vectors(ONE_VECTOR));
    assertThat(second.status()).isEqualTo(200);
  }

  @Test
  void cancelsWhenTheCallerLeaves() {
    var call = embed("a");
    var asked = ollama.awaitChat();

    call.leave();

    asked.awaitCancelled();
  }

  @Test
  void refusesAModelThatMakesNone() {
    ollama.can("vision");

    var refused = embed("a");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("detail")).contains("embeddings");
  }

  @Test
  void refusesToChatWithAModelThatOnlyEmbeds() {
    var refused = proxy.generate();

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().getString("code")).isEqualTo("invalid_request");
  }

  @ParameterizedTest
  @CsvSource({
    "400, the input length exceeds the context length, 400, context_length_exceeded",
    "400, invalid input type, 400, invalid_request",
    "501, This server does not support embeddings, 400, invalid_request",
    "500, the runner has stopped, 502, upstream_failed"
  })
  void tellsWhatTheModelServerRefuses(int status, String error, int expected, String code) {
    var call = embed("a");
    ollama.awaitChat().refuses(status, error);

    assertThat(call.status()).isEqualTo(expected);
    assertThat(call.json().getString("code")).isEqualTo(code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"model\":\"m\"}", "{\"model\":\"m\",\"embeddings\":[1]}"})
  void failsForAnAnswerItCannotRead(String document) {
    var call = embed("a");
    ollama.awaitChat().answers(new JsonObject(document));

    assertThat(call.status()).isEqualTo(502);
    assertThat(call.json().getString("code")).isEqualTo("upstream_protocol");
  }

  @Test
  void readsNoAnswerBeyondItsBound() {
    proxy.close();
    proxy = start(Map.of("PENSTOCK_EMBEDDINGS_BYTES", "1024"));
    var call = embed("a");
    ollama.awaitChat().answers(vectors("[[" + "0.25,".repeat(300) + "0]]"));

    assertThat(call.status()).isEqualTo(502);
  }

  @Test
  void givesUpOnAModelServerThatTakesTooLong() {
    proxy.close();
    proxy = start(Map.of("PENSTOCK_EMBEDDINGS_TIMEOUT_MS", "200"));
    var call = embed("a");
    var asked = ollama.awaitChat();

    assertThat(call.status()).isEqualTo(504);
    asked.awaitCancelled();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"model\":\"gemma3:1b\",\"inputs\":[\"a\"]}",
        "{\"model\":\"gemma3:1b\",\"inputs\":[null],\"deadline_ms\":1000}",
        "{\"model\":\"gemma3:1b\",\"inputs\":[\"a\"],\"dimensions\":0,\"deadline_ms\":1000}",
        "{\"model\":\"gemma3:1b\",\"inputs\":[\"a\",\"b\",\"c\"],\"deadline_ms\":1000}"
      })
  void refusesARequestItCannotRead(String body) {
    proxy.close();
    proxy = start(Map.of("PENSTOCK_EMBEDDING_INPUTS", "2"));

    var call = proxy.call(HttpMethod.POST, "/embeddings", body);

    assertThat(call.status()).isEqualTo(400);
    assertThat(call.json().getString("code")).isEqualTo("invalid_request");
  }

  private static JsonObject vectors(String json) {
    return new JsonObject().put("model", "gemma3:1b").put("embeddings", new JsonArray(json));
  }

  private Call embed(String input) {
    return embed(
        new EmbeddingsRequest(
            "t", "gemma3:1b", List.of(input), null, false, Priority.INTERACTIVE, 60_000));
  }

  private Call embed(EmbeddingsRequest request) {
    return proxy.call(HttpMethod.POST, "/embeddings", Wire.encode(request).toString());
  }
}
