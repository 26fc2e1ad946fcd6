package dev.penstock.kit.problem;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kit.http.HttpListener;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.http.Wired;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ProblemHandlerTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static Wired wired;

  @BeforeAll
  static void start() {
    wired = new Wired(HttpListener.Bounds.PUBLIC, ProblemHandlerTest::router);
  }

  private static Router router(Vertx vertx) {
    var router = Router.router(vertx);
    router.route().handler(new RequestId());
    router
        .route("/known")
        .handler(
            _ -> {
              throw new ProblemException(
                  new Problem(
                      429, "queue_full", "Full", "Wait.", 40_500L, Map.of("errors", List.of())));
            });
    router
        .route("/mapped")
        .handler(ctx -> ctx.fail(new IllegalStateException("mapped by the service")));
    router
        .route("/unknown")
        .handler(ctx -> ctx.fail(new IllegalArgumentException("host db-1.internal said no")));
    router.route("/refused").handler(ctx -> ctx.fail(415));
    router
        .route("/broken")
        .handler(
            ctx -> {
              ctx.response().setChunked(true).write("half an ans");
              ctx.fail(new IllegalArgumentException("broke"));
            });
    router.route("/fine").handler(ctx -> ctx.response().end("fine"));
    router
        .route()
        .failureHandler(
            new ProblemHandler(
                thrown ->
                    thrown instanceof IllegalStateException
                        ? Optional.of(Problem.of(409, "mapped", "Mapped", "By the service."))
                        : Optional.empty()));
    return router;
  }

  @AfterAll
  static void stop() {
    wired.close();
  }

  @Test
  void rendersAProblemWithItsMembers() throws IOException {
    var answer = get("/known", "X-Request-Id: mine\r\n");

    assertThat(answer).startsWith("HTTP/1.1 429");
    assertThat(body(answer))
        .isEqualTo(
            new JsonObject()
                .put("type", "/problems/queue_full")
                .put("title", "Full")
                .put("status", 429)
                .put("detail", "Wait.")
                .put("code", "queue_full")
                .put("request_id", "mine")
                .put("retry_after_ms", 40_500)
                .put("errors", List.of()));
  }

  @Test
  void neverAsksForMoreThanThirtySecondsOfPatience() throws IOException {
    assertThat(get("/known", "")).containsIgnoringCase("Retry-After: 30\r\n");
  }

  @Test
  void letsTheServiceSayWhatAFailureMeans() throws IOException {
    assertThat(body(get("/mapped", "")).getString("code")).isEqualTo("mapped");
  }

  @Test
  void tellsNothingOfWhatNobodyMapped() throws IOException {
    var answer = get("/unknown", "");

    assertThat(answer).startsWith("HTTP/1.1 500").doesNotContain("db-1", "IllegalArgument");
    assertThat(body(answer).getString("code")).isEqualTo("internal");
  }

  @Test
  void cutsAnAnswerThatBrokeAfterItsHead() throws IOException {
    assertThat(get("/broken", "")).contains("half an ans").doesNotContain("\r\n0\r\n");
  }

  @Test
  void throwsAShortUnreadBodyAwayAndKeepsTheConnection() throws IOException {
    try (var socket = wired.connect()) {
      Wired.send(socket, post("/refused", 5) + "abc");
      Wired.send(socket, "de" + "GET /fine HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");

      assertThat(Wired.untilClosed(socket, LIMIT)).contains(" 415 ", "\r\n\r\nfine");
    }
  }

  @Test
  void answersBeforeALongBodyHasComeAndThenCloses() throws IOException {
    try (var socket = wired.connect()) {
      Wired.send(socket, post("/refused", 10_000_000) + "a".repeat(1_000_000));

      assertThat(Wired.untilClosed(socket, LIMIT))
          .contains(" 415 ")
          .containsIgnoringCase("connection: close");
    }
  }

  private static String get(String path, String headers) throws IOException {
    try (var socket = wired.connect()) {
      Wired.send(
          socket,
          "GET " + path + " HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + headers + "\r\n");
      return Wired.untilClosed(socket, LIMIT);
    }
  }

  private static String post(String path, int length) {
    return "POST " + path + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + length + "\r\n\r\n";
  }

  private static JsonObject body(String answer) {
    return new JsonObject(answer.substring(answer.indexOf("\r\n\r\n") + 4));
  }
}
