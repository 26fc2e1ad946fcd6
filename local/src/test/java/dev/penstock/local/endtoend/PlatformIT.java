package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Behind a platform's front end each port takes HTTP/1.1 and, with prior knowledge, HTTP/2
 * (cloud-run.md sections 1, 2 and 4).
 */
class PlatformIT {
  private static final Vertx VERTX = Vertx.vertx();
  private static final List<URI> SERVICES = new CopyOnWriteArrayList<>();
  private static final HttpClient HTTP_1 = VERTX.createHttpClient();
  private static final HttpClient HTTP_2 =
      VERTX.createHttpClient(
          new HttpClientOptions()
              .setProtocolVersion(HttpVersion.HTTP_2)
              .setHttp2ClearTextUpgrade(false));
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster =
        Cluster.start(
            Cluster.Shape.ONE_OF_EACH
                .with("AUTHENTICATION", "platform")
                .behind(
                    service -> {
                      SERVICES.add(service);
                      return service;
                    }));
    SERVICES.remove(cluster.simulator(0));
    SERVICES.add(cluster.gateway(0));
  }

  @AfterAll
  static void stop() {
    cluster.close();
    done(VERTX.close());
  }

  @Test
  void answersProbesInBothVersionsOfHttpOnOnePort() {
    assertThat(SERVICES).hasSize(3);
    for (var service : SERVICES) {
      for (var path : List.of("/health", "/livez", "/readyz")) {
        assertThat(answer(HTTP_1, service, path)).isEqualTo("HTTP_1_1 200");
        assertThat(answer(HTTP_2, service, path)).isEqualTo("HTTP_2 200");
      }
    }
  }

  @Test
  void streamsManyTurnsOverOneHttp2Connection() {
    var answers = new ArrayList<Future<List<SseEvent>>>();
    for (var i = 0; i < 8; i++) {
      answers.add(turn(cluster.client(0).newSession(), ask(40)));
    }

    for (var answer : answers) {
      var events = done(answer);
      assertThat(events.getLast().name()).isEqualTo("turn.completed");
      var text = new StringBuilder();
      events.stream()
          .filter(event -> event.name().equals("delta"))
          .forEach(event -> text.append(json(event).get("text").asText()));
      assertThat(json(events.getLast()).get("sha256").asText())
          .isEqualTo(Texts.sha256(text.toString()));
    }
  }

  private static Future<List<SseEvent>> turn(String session, String body) {
    return HTTP_2
        .request(
            to(HttpMethod.POST, cluster.gateway(0), "/v1/sessions/" + session + "/turns")
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", "text/event-stream"))
        .compose(request -> request.send(Buffer.buffer(body)))
        .compose(HttpClientResponse::body)
        .map(
            heard -> {
              var events = new ArrayList<SseEvent>();
              new SseReader(events::add).feed(heard);
              return events;
            });
  }

  private static String answer(HttpClient client, URI service, String path) {
    return done(
        client
            .request(to(HttpMethod.GET, service, path))
            .compose(
                request ->
                    request
                        .send()
                        .compose(
                            response ->
                                response
                                    .body()
                                    .map(_ -> response.version() + " " + response.statusCode()))));
  }

  private static RequestOptions to(HttpMethod method, URI service, String path) {
    return new RequestOptions()
        .setMethod(method)
        .setHost(service.getHost())
        .setPort(service.getPort())
        .setURI(path);
  }

  private static JsonNode json(SseEvent event) {
    try {
      return new ObjectMapper().readTree(event.data());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> T done(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
  }
}
