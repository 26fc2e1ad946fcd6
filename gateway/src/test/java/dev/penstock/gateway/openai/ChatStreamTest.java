package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.inference.FakeProxy;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streamed answers as their bytes reach the client (openai-api.md 3 and 4, turns.md T-1, T-37). */
@Timeout(30)
class ChatStreamTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String ASK =
      "{\"model\":\"gemma3:270m\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
  private static final Queued QUEUED = new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250));

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

  /** SSE-14, SSE-20: no names, no ids, no wait to come back. */
  @Test
  void streamsRoleTextFinishAndDone() throws Exception {
    proxy.answers(
        asked -> asked.tells(QUEUED, new Started("a", "m")).says("Red ").says("pandas").finishes());

    try (var client = client().post(ASK, "X-Request-Id: my-own-id")) {
      var head = client.head();
      var frames = frames(client.rest());

      assertThat(head.status()).isEqualTo(200);
      assertThat(head.headers())
          .containsEntry("content-type", "text/event-stream; charset=utf-8")
          .containsEntry("cache-control", "no-cache, no-store, no-transform")
          .containsEntry("x-accel-buffering", "no")
          .containsEntry("x-content-type-options", "nosniff")
          .containsEntry("x-request-id", "my-own-id")
          .containsEntry("openai-version", "2020-10-01")
          .containsKey("openai-processing-ms")
          .doesNotContainKeys("connection", "content-length", "content-encoding");
      assertThat(frames.getLast()).isEqualTo("data: [DONE]");
      assertThat(delta(frames.getFirst()).getString("role")).isEqualTo("assistant");
      assertThat(text(frames)).isEqualTo("Red pandas");
      assertThat(choice(frames.get(frames.size() - 2)).getString("finish_reason"))
          .isEqualTo("stop");
    }
  }

  @Test
  void namesEveryChunkAlike() throws Exception {
    proxy.answers(asked -> asked.says("Red ").says("pandas").finishes());

    try (var client = client().post(ASK)) {
      client.head();
      var chunks = chunks(frames(client.rest()));

      for (var member : List.of("id", "object", "created", "model", "system_fingerprint")) {
        assertThat(chunks.stream().map(chunk -> chunk.getValue(member)).distinct()).hasSize(1);
      }
      assertThat(chunks.getFirst().getString("object")).isEqualTo("chat.completion.chunk");
      assertThat(chunks.getFirst().getString("model")).isEqualTo("gemma3:270m");
      assertThat(chunks).noneMatch(chunk -> chunk.containsKey("usage"));
    }
  }

  @Test
  void countsTokensInAnExtraChunkWhereAsked() throws Exception {
    proxy.answers(asked -> asked.says("Red pandas").finishes());

    try (var client =
        client().post(ASK.replace("true,", "true,\"stream_options\":{\"include_usage\":true},"))) {
      client.head();
      var chunks = chunks(frames(client.rest()));

      assertThat(chunks.getLast().getJsonArray("choices")).isEmpty();
      assertThat(chunks.getLast().getJsonObject("usage").getInteger("total_tokens")).isEqualTo(16);
    }
  }

  @Test
  void sendsHeadersAndFirstTokenTogetherAndEachLaterOneAsItComes() throws Exception {
    try (var client = client().post(ASK)) {
      var asked = proxy.next();
      asked.tells(new Started("a", "m"), new Delta("Red "));
      client.head();
      assertThat(text(frames(client.chunk()))).isEqualTo("Red ");

      asked.says("pandas");
      assertThat(text(frames(client.chunk()))).isEqualTo("pandas");

      asked.finishes();
      assertThat(client.chunk()).endsWith("data: [DONE]\n\n");
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void keepsTheConnectionForTheNextRequest() throws Exception {
    proxy.answers(asked -> asked.says("Red pandas").finishes());

    try (var client = client()) {
      for (var times = 0; times < 3; times++) {
        client.post(ASK);
        assertThat(client.head().status()).isEqualTo(200);
        assertThat(client.rest()).endsWith("data: [DONE]\n\n");
      }
    }
  }

  @Test
  void endsAnAnswerWithoutTextAsOneWithRoleAndFinish() throws Exception {
    proxy.answers(FakeProxy.Asked::finishes);

    try (var client = client().post(ASK)) {
      client.head();
      var frames = frames(client.rest());

      assertThat(delta(frames.get(0)).getString("role")).isEqualTo("assistant");
      assertThat(choice(frames.get(1)).getString("finish_reason")).isEqualTo("stop");
      assertThat(frames.get(2)).isEqualTo("data: [DONE]");
    }
  }

  @Test
  void gathersWhatComesAtOnceIntoFewChunks() throws Exception {
    var deltas =
        Collections.nCopies(200, (GenerationEvent) new Delta("token "))
            .toArray(GenerationEvent[]::new);
    proxy.answers(asked -> asked.tells(deltas).finishes());

    try (var client = client().post(ASK)) {
      client.head();
      var frames = frames(client.rest());

      assertThat(text(frames)).isEqualTo("token ".repeat(200));
      assertThat(frames.size()).isLessThan(20);
    }
  }

  /** SSE-11, SSE-9. */
  @Test
  void cutsALongTextBelow64KiBAndNeverInsideACharacter() throws Exception {
    var text = "a" + "\u0001🐼".repeat(20_000);
    proxy.answers(asked -> asked.says(text).finishes());

    try (var client = client().post(ASK)) {
      client.head();
      var frames = frames(client.rest());

      assertThat(text(frames)).isEqualTo(text);
      assertThat(frames).allMatch(frame -> frame.length() < 64 * 1024);
    }
  }

  /** SSE-32: what fails before the first text keeps its status, queued or started. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "queue_full | 429 | rate_limit_exceeded | 3 | true",
        "no_capacity | 503 | overloaded | 3 | true",
        "queue_timeout | 503 | overloaded | 3 | true",
        "upstream_failed | 502 | upstream_error | - | true",
        "upstream_timeout | 504 | upstream_timeout | - | true",
        "deadline_exceeded | 504 | upstream_timeout | - | false",
        "model_not_found | 404 | model_not_found | - | -",
        "context_length_exceeded | 400 | context_length_exceeded | - | -"
      })
  void tellsAnEarlyFailureByStatus(
      String code, int status, String wireCode, String retryAfter, String retry) throws Exception {
    var failure = new Failed(new Failure(FailureCode.of(code), "It did not work.", true, 2_500L));
    proxy.answers(asked -> asked.tells(QUEUED, new Started("a", "m"), failure).ends());

    try (var client = client().post(ASK)) {
      var head = client.head();
      var error = new JsonObject(client.document(head)).getJsonObject("error");

      assertThat(head.status()).isEqualTo(status);
      assertThat(head.header("content-type")).isEqualTo("application/json");
      assertThat(head.header("retry-after")).isEqualTo(retryAfter);
      assertThat(head.header("retry-after-ms")).isEqualTo(retryAfter == null ? null : "2500");
      assertThat(head.header("x-should-retry")).isEqualTo(retry);
      assertThat(error.getString("code")).isEqualTo(wireCode);
      assertThat(error.getString("message")).isEqualTo("It did not work.");
    }
  }

  @Test
  void tellsARefusalOfTheProxyByStatus() throws Exception {
    proxy.answers(asked -> asked.refuses(429, "queue_full", 12_000L));

    try (var client = client().post(ASK)) {
      var head = client.head();

      assertThat(head.status()).isEqualTo(429);
      assertThat(head.header("retry-after")).isEqualTo("12");
      assertThat(head.header("retry-after-ms")).isEqualTo("12000");
    }
  }

  /** SSE-26 to SSE-28, SSE-32: comments alone, between events. */
  @Test
  void sendsTheHeadersWithTheFirstKeepAliveWhenTheModelIsSlow() throws Exception {
    restart(keepAlive(Duration.ofMillis(200)));

    try (var client = client().post(ASK)) {
      var asked = proxy.next();
      asked.tells(QUEUED);

      assertThat(client.head().status()).isEqualTo(200);
      assertThat(client.chunk()).isEqualTo(":\n");
      assertThat(client.chunk()).isEqualTo(":\n");
      asked.says("Red");
      assertThat(withoutKeepAlives(client)).startsWith("data: {");
      assertThat(client.chunk()).isEqualTo(":\n");
      asked.finishes();
      assertThat(withoutKeepAlives(client)).endsWith("data: [DONE]\n\n");
    }
  }

  /** SSE-33. */
  @ParameterizedTest
  @ValueSource(strings = {"told", "truncated", "reset"})
  void tellsALateFailureInAFrameAndEndsWithoutDone(String how) throws Exception {
    try (var client = client().post(ASK)) {
      var asked = proxy.next().says("Red");
      client.head();
      client.chunk();

      switch (how) {
        case "told" ->
            asked
                .tells(new Failed(Failure.of(FailureCode.UPSTREAM_FAILED, "It did not work.")))
                .ends();
        case "truncated" -> asked.ends();
        default -> asked.dies();
      }
      var rest = client.rest();

      assertThat(frames(rest)).hasSize(1);
      var error = new JsonObject(frames(rest).getFirst().substring(6)).getJsonObject("error");
      assertThat(error.fieldNames()).containsExactly("message", "type", "param", "code");
      assertThat(error.getString("type")).isEqualTo("server_error");
      assertThat(error.getString("code")).isEqualTo("upstream_error");
    }
  }

  @Test
  void tellsAFailureInAFrameOnceAKeepAliveWasSent() throws Exception {
    restart(keepAlive(Duration.ofMillis(100)));

    try (var client = client().post(ASK)) {
      var asked = proxy.next();
      client.head();
      asked.tells(new Failed(Failure.of(FailureCode.QUEUE_TIMEOUT, "Too long."))).ends();

      assertThat(withoutKeepAlives(client)).startsWith("data: {\"error\":");
      assertThat(client.chunk()).isEmpty();
    }
  }

  /** T-1: whatever the phase, a client that leaves cancels at once. */
  @ParameterizedTest
  @ValueSource(strings = {"asked", "queued", "started", "streaming"})
  void cancelsWhenTheClientLeaves(String phase) throws Exception {
    FakeProxy.Asked asked;
    long left;
    try (var client = client().post(ASK)) {
      asked = proxy.next();
      switch (phase) {
        case "queued" -> asked.tells(QUEUED);
        case "started" -> asked.tells(QUEUED, new Started("a", "m"));
        case "streaming" -> {
          asked.says("Red");
          client.head();
        }
        default -> {}
      }
      left = System.nanoTime();
    }

    assertThat(asked.closedAt() - left).isLessThan(TimeUnit.SECONDS.toNanos(1));
    Awaitility.await().until(() -> server.running() == 0 && server.generations() == 0);
  }

  /** T-37: a reader that stops holds the model back and gets every byte when it reads on. */
  @Test
  void holdsTheModelBackForAReaderThatStopsAndLosesNothing() throws Exception {
    try (var client = client().post(ASK)) {
      var asked = proxy.next().floods("0123456789", 60_000);
      client.head();

      awaitStandstill(asked);
      // 64 KiB here; the rest is what three small sockets and the proxy's own queue hold.
      assertThat(asked.flooded() * 10).isLessThan(256 * 1024);
      var frames = frames(client.rest());

      assertThat(text(frames)).isEqualTo("0123456789".repeat(60_000));
      assertThat(frames.getLast()).isEqualTo("data: [DONE]");
    }
  }

  /** T-37: no longer than the stall allows. */
  @Test
  void cutsOffAReaderThatTakesNothing() throws Exception {
    restart(stall(Duration.ofMillis(400)));

    try (var client = client().post(ASK)) {
      var asked = proxy.next().floods("0123456789", 1_000_000);
      client.head();

      asked.closedAt();
      Awaitility.await().until(() -> server.running() == 0);
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  /** The generation is over, the last bytes are not taken. */
  @Test
  void cutsOffAReaderThatDoesNotTakeTheEnd() throws Exception {
    restart(stall(Duration.ofMillis(400)));
    var text = "0123456789".repeat(1_000);
    proxy.answers(
        asked -> {
          for (var n = 0; n < 30; n++) {
            asked.says(text);
          }
          asked.finishes();
        });

    try (var client = client().post(ASK)) {
      client.head();

      Awaitility.await().until(() -> server.running() == 0);
      assertThatThrownBy(client::rest).isInstanceOf(IOException.class);
    }
  }

  /** SSE-39. */
  @Test
  void tellsRunningStreamsOfADrain() throws Exception {
    try (var client = client().post(ASK);
        var waiting = client().post(ASK)) {
      var streaming = proxy.next().says("Red");
      var other = proxy.next().says("Red");
      client.head();
      client.chunk();
      waiting.head();
      waiting.chunk();

      server.breakOff();

      assertThat(client.rest()).contains("\"code\":\"overloaded\"").doesNotContain("[DONE]");
      assertThat(waiting.rest()).contains("\"code\":\"overloaded\"");
      streaming.closedAt();
      other.closedAt();
    }
  }

  private void restart(AnswerConfig config) {
    server.close();
    server = new ChatServer(VERTX, proxy, config);
  }

  private RawClient client() {
    return new RawClient(server.port());
  }

  /** Waits until the proxy's socket takes no more for a while. */
  private static void awaitStandstill(FakeProxy.Asked asked) {
    Awaitility.await()
        .during(Duration.ofMillis(300))
        .atMost(Duration.ofSeconds(10))
        .until(asked::heldBack);
  }

  private static AnswerConfig keepAlive(Duration interval) {
    var base = ChatServer.DEFAULTS;
    return new AnswerConfig(
        base.maxBodyBytes(), interval, base.stall(), base.streamDeadline(), base.wholeDeadline());
  }

  private static AnswerConfig stall(Duration stall) {
    var base = ChatServer.DEFAULTS;
    return new AnswerConfig(
        base.maxBodyBytes(),
        Duration.ofSeconds(1),
        stall,
        base.streamDeadline(),
        base.wholeDeadline());
  }

  private static String withoutKeepAlives(RawClient client) throws IOException {
    var chunk = client.chunk();
    while (chunk.equals(":\n")) {
      chunk = client.chunk();
    }
    return chunk;
  }

  private static List<String> frames(String wire) {
    assertThat(wire).endsWith("\n\n");
    var frames = new ArrayList<String>(List.of(wire.split("\n\n")));
    frames.replaceAll(frame -> frame.replaceFirst("^(:\n)+", ""));
    assertThat(frames).allMatch(frame -> frame.startsWith("data: ") && !frame.contains("\n"));
    return frames;
  }

  private static List<JsonObject> chunks(List<String> frames) {
    return frames.stream()
        .filter(frame -> frame.startsWith("data: {"))
        .map(frame -> new JsonObject(frame.substring(6)))
        .toList();
  }

  private static JsonObject choice(String frame) {
    return new JsonObject(frame.substring(6)).getJsonArray("choices").getJsonObject(0);
  }

  private static JsonObject delta(String frame) {
    return choice(frame).getJsonObject("delta");
  }

  private static String text(List<String> frames) {
    return chunks(frames).stream()
        .filter(chunk -> !chunk.getJsonArray("choices").isEmpty())
        .map(chunk -> chunk.getJsonArray("choices").getJsonObject(0).getJsonObject("delta"))
        .map(delta -> delta.getString("content", ""))
        .collect(Collectors.joining());
  }
}
