package dev.penstock.containers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;

/** A person's client: sessions and turns of the native API, the text put together from deltas. */
final class ChatTurn {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final StringBuilder text = new StringBuilder();
  private String lastId = "";
  private String turn = "";
  private String hash = "";

  static String newSession(URI gateway) throws IOException, InterruptedException {
    var answer =
        HTTP.send(post(gateway.resolve("/v1/sessions"), "{}").build(), BodyHandlers.ofString());
    return JSON.readTree(answer.body()).get("id").asText();
  }

  static JsonNode get(URI address) throws IOException, InterruptedException {
    var request = HttpRequest.newBuilder(address).timeout(LIMIT).build();
    return JSON.readTree(HTTP.send(request, BodyHandlers.ofString()).body());
  }

  /** Asks for so many tokens and reads until {@code enough} deltas or the end. */
  ChatTurn ask(URI gateway, String session, int tokens, int enough)
      throws IOException, InterruptedException {
    var body =
        "{\"input\":{\"text\":\"Tell me a story. [tokens=%d]\"},\"options\":{\"max_tokens\":%d}}"
            .formatted(tokens, tokens + 100);
    var request =
        post(gateway.resolve("/v1/sessions/" + session + "/turns"), body)
            .header("Accept", "text/event-stream")
            .build();
    return read(request, enough);
  }

  /** Goes on behind the last event that was read, on any gateway. */
  ChatTurn resume(URI gateway, int enough) throws IOException, InterruptedException {
    return read(
        HttpRequest.newBuilder(gateway.resolve("/v1/turns/" + turn + "/events"))
            .header("Last-Event-ID", lastId)
            .header("Accept", "text/event-stream")
            .build(),
        enough);
  }

  String text() {
    return text.toString();
  }

  /** The hash of the whole text, as the terminal event says it; empty before. */
  String hash() {
    return hash;
  }

  static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private ChatTurn read(HttpRequest request, int enough) throws IOException, InterruptedException {
    var response = HTTP.send(request, BodyHandlers.ofInputStream());
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.uri());
    }
    turn = response.headers().firstValue("X-Turn-Id").orElse(turn);
    var deltas = new int[1];
    try (var body = response.body()) {
      read(
          body,
          event -> {
            deltas[0] += take(event) ? 1 : 0;
            return deltas[0] >= enough || !hash.isEmpty();
          });
    }
    return this;
  }

  private static void read(InputStream body, Predicate<SseEvent> enough) throws IOException {
    List<SseEvent> arrived = new ArrayList<>();
    var reader = new SseReader(arrived::add);
    var piece = new byte[8192];
    for (int length; (length = body.read(piece)) >= 0; ) {
      reader.feed(Buffer.buffer(Arrays.copyOf(piece, length)));
      for (var event : arrived) {
        if (enough.test(event)) {
          return;
        }
      }
      arrived.clear();
    }
  }

  private boolean take(SseEvent event) {
    try {
      var data = JSON.readTree(event.data());
      if (!event.lastEventId().isEmpty()) {
        lastId = event.lastEventId();
      }
      switch (event.name()) {
        case "delta" -> text.append(data.get("text").asText());
        case "snapshot" -> {
          text.setLength(0);
          text.append(data.get("text").asText());
        }
        case "turn.completed" -> hash = data.get("sha256").asText();
        default -> {} // progress
      }
      return event.name().equals("delta");
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HttpRequest.Builder post(URI address, String body) {
    return HttpRequest.newBuilder(address)
        .timeout(LIMIT)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body));
  }
}
