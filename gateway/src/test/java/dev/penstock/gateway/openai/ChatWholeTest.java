package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.inference.FakeProxy;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers in one piece, and requests that get none (openai-api.md 1, 2 and 4). */
@Timeout(30)
class ChatWholeTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String ASK =
      "{\"model\":\"gemma3:270m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";

  private FakeProxy proxy;
  private ChatServer server;

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @BeforeEach
  void start() {
    proxy = new FakeProxy(VERTX);
    server = new ChatServer(VERTX, proxy, ChatServer.DEFAULTS);
  }

  @AfterEach
  void close() {
    server.close();
    proxy.close();
  }

  @Test
  void answersWithTheWholeText() throws Exception {
    proxy.answers(asked -> asked.says("Red ").says("pandas").finishes());

    try (var client = client().post(ASK)) {
      var head = client.head();
      var answer = new JsonObject(client.document(head));

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-type", "application/json")
          .containsEntry("openai-version", "2020-10-01")
          .containsKeys("x-request-id", "openai-processing-ms");
      assertThat(answer.getJsonArray("choices").getJsonObject(0).getJsonObject("message"))
          .isEqualTo(
              new JsonObject()
                  .put("role", "assistant")
                  .put("content", "Red pandas")
                  .putNull("refusal"));
      assertThat(answer.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(16);
    }
  }

  @Test
  void asksTheProxyForWhatTheClientAskedFor() throws Exception {
    proxy.answers(FakeProxy.Asked::finishes);
    try (var client =
        client()
            .post(
                ASK.replace(
                    "{\"model\"",
                    "{\"user\":\"ann\",\"max_tokens\":5,\"reasoning_effort\":\"high\",\"model\""))) {
      client.head();
      var request = proxy.next().request();

      assertThat(request.tenant()).isEqualTo("default");
      assertThat(request.model()).isEqualTo("gemma3:270m");
      assertThat(request.conversation()).matches("[0-9a-f]{32}");
      assertThat(request.options().maxTokens()).isEqualTo(5);
      assertThat(request.options().think()).isEqualTo(Think.HIGH);
      assertThat(request.continuesAnswer()).isFalse();
      assertThat(request.deadlineMs()).isEqualTo(290_000);
    }
  }

  @Test
  void asksForNoThinkingWhereTheModelCannot() throws Exception {
    proxy
        .answers(FakeProxy.Asked::finishes)
        .serves(
            new ServedModel(
                "gemma3:270m",
                1,
                "library",
                ServedModel.Kind.SELF_HOSTED,
                ServedModel.State.READY,
                true,
                null,
                2048,
                null,
                false));
    server.models.refresh().toCompletionStage().toCompletableFuture().join();

    try (var client =
        client().post(ASK.replace("{\"model\"", "{\"reasoning_effort\":\"high\",\"model\""))) {
      client.head();

      assertThat(proxy.next().request().options().think()).isNull();
    }
  }

  @Test
  void tellsAFailureByStatus() throws Exception {
    proxy.answers(
        asked ->
            asked
                .says("half an answer")
                .tells(new Failed(Failure.of(FailureCode.UPSTREAM_FAILED, "It did not work.")))
                .ends());

    try (var client = client().post(ASK)) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(502);
      assertThat(client.document(head))
          .isEqualTo(
              "{\"error\":{\"message\":\"It did not work.\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_error\"}}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"asked", "queued", "generating"})
  void cancelsWhenTheClientLeaves(String phase) throws Exception {
    FakeProxy.Asked asked;
    long left;
    try (var _ = client().post(ASK)) {
      asked = proxy.next();
      switch (phase) {
        case "queued" -> asked.tells(new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250)));
        case "generating" -> asked.says("Red");
        default -> {}
      }
      left = System.nanoTime();
    }

    assertThat(asked.closedAt() - left).isLessThan(TimeUnit.SECONDS.toNanos(1));
    Awaitility.await().until(() -> server.running() == 0 && server.generations() == 0);
  }

  @Test
  void refusesInTimeWhatTheProxyDoesNotEnd() throws Exception {
    server.close();
    server =
        new ChatServer(
            VERTX,
            proxy,
            new AnswerConfig(
                1_048_576,
                Duration.ofMillis(100),
                Duration.ofSeconds(30),
                Duration.ofMinutes(15),
                Duration.ofMillis(10)));

    try (var client = client().post(ASK)) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(504);
      assertThat(head.header("x-should-retry")).isEqualTo("false");
      proxy.next().closedAt();
    }
  }

  @Test
  void endsATextPast1MiBAsLength() throws Exception {
    var piece = "0123456789abcdef".repeat(4096);
    proxy.answers(
        asked -> {
          for (var n = 0; n < 17; n++) {
            asked.says(piece);
          }
        });

    try (var client = client().post(ASK)) {
      var head = client.head();
      var answer = new JsonObject(client.document(head)).getJsonArray("choices").getJsonObject(0);

      assertThat(answer.getString("finish_reason")).isEqualTo("length");
      assertThat(answer.getJsonObject("message").getString("content")).isEqualTo(piece.repeat(17));
      proxy.next().closedAt();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]} | model",
        "{\"model\":\"m\"} | messages",
        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\"}]} | messages[0].content",
        "{\"model\" | -",
        "`` | -",
        "[] | -",
        "{\"model\":\"m\",\"model\":\"n\"} | -",
        "{} {} | -"
      })
  void refusesABadBodyWithTheEnvelope(String body, String param) throws Exception {
    try (var client = client().post(body)) {
      var head = client.head();
      var error = new JsonObject(client.document(head)).getJsonObject("error");

      assertThat(head.status()).isEqualTo(400);
      assertThat(head.header("content-type")).isEqualTo("application/json");
      assertThat(head.header("x-request-id")).isNotBlank();
      assertThat(error.fieldNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.getString("type")).isEqualTo("invalid_request_error");
      assertThat(error.getString("param")).isEqualTo(param);
      assertThat(proxy.unseen()).isZero();
    }
  }

  @Test
  void refusesABodyOver1MiBWithoutReadingIt() throws Exception {
    try (var client =
        client()
            .raw(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1048577\r\n\r\n{")) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(413);
      assertThat(client.document(head)).contains("\"type\":\"invalid_request_error\"");
    }
  }

  @Test
  void refusesAnotherMediaType() throws Exception {
    try (var client =
        client()
            .raw(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n{}")) {
      assertThat(client.head().status()).isEqualTo(415);
    }
  }

  @Test
  void refusesAnotherMethodAndNamesTheOneThereIs() throws Exception {
    try (var client =
        client().raw("GET /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(405);
      assertThat(head.header("allow")).isEqualTo("POST");
      assertThat(client.document(head)).contains("\"type\":\"invalid_request_error\"");
    }
  }

  @Test
  void takesNothingNewWhileItDrains() throws Exception {
    server.readiness.draining();

    try (var client = client().post(ASK)) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(503);
      assertThat(head.header("retry-after")).isEqualTo("1");
      assertThat(client.document(head)).contains("\"code\":\"overloaded\"");
    }
  }

  private RawClient client() {
    return new RawClient(server.port());
  }
}
