package dev.penstock.bench.relay;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;

/**
 * Sessions made before anything is measured. A turn costs more with every turn before it, so long
 * answers get a session of their own, and short ones go round so many that none grows old.
 */
final class Sessions implements AutoCloseable {
  private static final int AT_A_TIME = 16;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Queue<String> unused = new ConcurrentLinkedQueue<>();
  private final Queue<String> round = new ConcurrentLinkedQueue<>();
  private final URI address;

  Sessions(int gatewayPort) {
    address = URI.create("http://127.0.0.1:" + gatewayPort + "/v1/sessions");
  }

  /** Makes as many as are missing to {@code wanted} unused ones. */
  void provide(int wanted) {
    make(unused, wanted);
  }

  /** Makes those that short turns go round. */
  void provideRound(int wanted) {
    make(round, wanted);
  }

  /** An unused one. */
  String unused() {
    var id = unused.poll();
    if (id == null) {
      throw new IllegalStateException("too few sessions were made beforehand");
    }
    return id;
  }

  /** The one whose last turn is longest ago. */
  String ofRound() {
    var id = round.remove();
    round.add(id);
    return id;
  }

  private void make(Queue<String> sessions, int wanted) {
    while (sessions.size() < wanted) {
      var asked =
          IntStream.range(0, AT_A_TIME)
              .mapToObj(_ -> make().thenAccept(sessions::add))
              .toArray(CompletableFuture[]::new);
      CompletableFuture.allOf(asked).join();
    }
  }

  private CompletableFuture<String> make() {
    var request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{}"))
            .build();
    return client
        .sendAsync(request, BodyHandlers.ofString())
        .thenApply(answer -> id(answer.statusCode(), answer.body()));
  }

  @Override
  public void close() {
    client.close();
  }

  private static String id(int status, String body) {
    try {
      if (status == 201) {
        return JSON.readTree(body).path("id").asText();
      }
    } catch (IOException e) {
      // falls through to the same sentence
    }
    throw new IllegalStateException("no session was made: " + status + " " + body);
  }
}
