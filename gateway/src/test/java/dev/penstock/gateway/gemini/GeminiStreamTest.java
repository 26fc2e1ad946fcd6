package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.gateway.GatewayFixture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gemini-api.md section 5 as the bytes reach the client. */
@Timeout(60)
class GeminiStreamTest {
  private static final String SSE =
      "/v1beta/models/gemma3:270m:streamGenerateContent?alt=sse&key=any";
  private static final String ARRAY = "/v1beta/models/gemma3:270m:streamGenerateContent";
  private static final String ASK = "{\"contents\":[{\"parts\":[{\"text\":\"Hello\"}]}]}";
  private static final Queued QUEUED = new Queued(new QueuePlace(QueueReason.SLOTS, 1, 250));

  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void answersNothing() throws InterruptedException {
    gateway.proxy.answers(_ -> {});
    while (gateway.proxy.unseen() > 0) {
      gateway.proxy.next();
    }
  }

  /** Section 12 number 3: only data lines and blank ones, the end on the last text. */
  @Test
  void streamsEventsAndNothingElse() throws Exception {
    gateway.proxy.answers(
        asked ->
            asked
                .tells(QUEUED, new Started("a", "m"), new Delta("int f() {\n"))
                .says(" \u2028日本 ")
                .says("🐼")
                .finishes());

    try (var client = ask(SSE)) {
      var head = client.head();
      var stream = Buffer.buffer(String.join("", client.chunks()));

      assertThat(head)
          .containsEntry(":status", "200")
          .containsEntry("content-type", "text/event-stream")
          .containsEntry("cache-control", "no-cache, no-store, no-transform")
          .containsEntry("x-accel-buffering", "no")
          .containsEntry("x-content-type-options", "nosniff")
          .containsKey("x-request-id")
          .doesNotContainKeys("content-length", "content-encoding");
      var chunks = ContentStreamEncoderTest.chunks(stream);
      assertThat(text(chunks)).isEqualTo("int f() {\n \u2028日本 🐼");
      assertThat(chunks.getLast().getJsonObject("usageMetadata").getInteger("totalTokenCount"))
          .isEqualTo(16);
      assertThat(candidate(chunks.getLast()).getString("finishReason")).isEqualTo("STOP");
    }
  }

  @Test
  void sendsEachTextAsItComesButItsLastCharacter() throws Exception {
    try (var client = ask(SSE)) {
      var asked = gateway.proxy.next().says("Red ");
      client.head();
      assertThat(text(ContentStreamEncoderTest.chunks(Buffer.buffer(client.chunk()))))
          .isEqualTo("Red");

      asked.says("pandas");
      assertThat(text(ContentStreamEncoderTest.chunks(Buffer.buffer(client.chunk()))))
          .isEqualTo(" panda");

      asked.finishes();
      assertThat(text(ContentStreamEncoderTest.chunks(Buffer.buffer(client.chunk()))))
          .isEqualTo("s");
      assertThat(client.chunk()).isEmpty();
    }
  }

  /** Section 5.5. */
  @ParameterizedTest
  @ValueSource(strings = {ARRAY, ARRAY + "?alt=json"})
  void streamsAnArrayToWhoDoesNotAskForEvents(String target) throws Exception {
    gateway.proxy.answers(asked -> asked.says("Red ").says("pandas").finishes());

    try (var client = ask(target)) {
      var head = client.head();
      var body = String.join("", client.chunks());

      assertThat(head).containsEntry("content-type", "application/json; charset=UTF-8");
      assertThat(body).startsWith("[").endsWith("]");
      assertThat(text(new JsonArray(body).stream().map(JsonObject.class::cast).toList()))
          .isEqualTo("Red pandas");
    }
  }

  /** Section 5.4, before the first byte: a status, and JSON even where events were asked for. */
  @ParameterizedTest
  @CsvSource({
    "queue_full, 429, RESOURCE_EXHAUSTED, 3",
    "no_capacity, 503, UNAVAILABLE, 3",
    "model_not_found, 404, NOT_FOUND,",
    "invalid_request, 400, INVALID_ARGUMENT,",
    "context_length_exceeded, 400, OUT_OF_RANGE,",
    "upstream_failed, 500, INTERNAL,",
    "deadline_exceeded, 504, DEADLINE_EXCEEDED,"
  })
  void tellsAnEarlyFailureByStatus(String code, String http, String status, String retryAfter)
      throws Exception {
    var failure = new Failed(new Failure(FailureCode.of(code), "It did not work.", true, 2_500L));
    for (var target : List.of(SSE, ARRAY)) {
      gateway.proxy.answers(asked -> asked.tells(QUEUED, new Started("a", "m"), failure).ends());

      try (var client = ask(target)) {
        var head = client.head();

        assertThat(head).containsEntry(":status", http);
        assertThat(head.get("content-type")).isEqualTo("application/json; charset=UTF-8");
        assertThat(head.get("retry-after")).isEqualTo(retryAfter);
      }
    }
    var refused = gateway.client().post(SSE, ASK);
    assertThat(refused.json().at("/error/status").asText()).isEqualTo(status);
  }

  /** Section 5.4, after it: an event, then in a chunk of its own the same once more. */
  @ParameterizedTest
  @ValueSource(strings = {"told", "truncated", "reset"})
  void tellsALateFailureTwice(String how) throws Exception {
    try (var client = ask(SSE)) {
      var asked = gateway.proxy.next().says("Red");
      client.head();
      client.chunk();

      breakOff(asked, how);
      var chunks = client.chunks();

      var bare = chunks.getLast();
      assertThat(chunks).hasSize(2);
      assertThat(bare).startsWith("{\"error\":{\"code\":500,").endsWith("}\n\n");
      assertThat(chunks.getFirst()).endsWith("\n\ndata: " + bare);
    }
  }

  @Test
  void endsABrokenArrayWithTheError() throws Exception {
    try (var client = ask(ARRAY)) {
      var asked = gateway.proxy.next().says("Red");
      client.head();
      var begun = client.chunk();

      breakOff(asked, "truncated");
      var elements = new JsonArray(begun + String.join("", client.chunks()));

      assertThat(
              elements.getJsonObject(elements.size() - 1).getJsonObject("error").getInteger("code"))
          .isEqualTo(500);
    }
  }

  /** Section 5.6, T-1. */
  @ParameterizedTest
  @ValueSource(strings = {"asked", "queued", "streaming"})
  void cancelsWhenTheClientLeaves(String phase) throws Exception {
    try (var client = ask(SSE)) {
      var asked = gateway.proxy.next();
      if (phase.equals("queued")) {
        asked.tells(QUEUED);
      } else if (phase.equals("streaming")) {
        asked.says("Red");
        client.head();
      }

      client.close();

      asked.closedAt();
    }
  }

  private static void breakOff(dev.penstock.gateway.inference.FakeProxy.Asked asked, String how) {
    switch (how) {
      case "told" ->
          asked.tells(new Failed(Failure.of(FailureCode.UPSTREAM_FAILED, "It broke."))).ends();
      case "truncated" -> asked.ends();
      default -> asked.dies();
    }
  }

  private static StreamReader ask(String target) throws IOException {
    return new StreamReader(gateway.port(), target, ASK);
  }

  private static JsonObject candidate(JsonObject chunk) {
    return chunk.getJsonArray("candidates").getJsonObject(0);
  }

  private static String text(List<JsonObject> chunks) {
    var text = new StringBuilder();
    for (var chunk : chunks) {
      candidate(chunk)
          .getJsonObject("content")
          .getJsonArray("parts")
          .forEach(part -> text.append(((JsonObject) part).getString("text")));
    }
    return text.toString();
  }
}
