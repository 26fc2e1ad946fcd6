package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Reliability F21, with parts of a second for fifteen and thirty seconds. */
class ConnectionGuardTest {
  private static final Duration LATE = Duration.ofSeconds(8);
  private static final ConcurrentLinkedQueue<HttpServerRequest> STREAMS =
      new ConcurrentLinkedQueue<>();

  private static Wired wired;

  @BeforeAll
  static void start() {
    wired =
        new Wired(
            new HttpListener.Bounds(
                Duration.ofMillis(400), Duration.ofMillis(400), Duration.ofMillis(600)),
            _ -> ConnectionGuardTest::handle);
  }

  private static void handle(HttpServerRequest request) {
    if (request.path().equals("/stream")) {
      request.response().setChunked(true).write("first");
      STREAMS.add(request);
    } else if (request.path().equals("/slow")) {
      STREAMS.add(request);
    } else {
      request.body().onSuccess(body -> request.response().end("had " + body.length()));
    }
  }

  @AfterAll
  static void stop() {
    wired.close();
  }

  @Test
  void closesAConnectionThatNeverAsks() throws IOException {
    try (var socket = wired.connect()) {
      assertThat(Wired.untilClosed(socket, LATE)).isEmpty();
    }
  }

  @Test
  void closesAConnectionWhoseHeadTricklesIn() throws IOException, InterruptedException {
    try (var socket = wired.connect()) {
      trickle(
          socket,
          "GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");

      assertThat(Wired.untilClosed(socket, LATE)).isEmpty();
    }
  }

  @Test
  void closesAConnectionWhoseBodyTricklesIn() throws IOException, InterruptedException {
    try (var socket = wired.connect()) {
      Wired.send(socket, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 900\r\n\r\n");
      trickle(socket, "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb");

      assertThat(Wired.untilClosed(socket, LATE)).isEmpty();
    }
  }

  @Test
  void closesAConnectionThatIdlesAfterItsAnswer() throws IOException {
    try (var socket = wired.connect()) {
      Wired.send(socket, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");

      assertThat(Wired.untilClosed(socket, LATE)).contains("had 0");
    }
  }

  @Test
  void leavesAnswersAloneThatTakeTheirTime() throws IOException {
    try (var stream = wired.connect();
        var slow = wired.connect();
        var idle = wired.connect()) {
      Wired.send(stream, "GET /stream HTTP/1.1\r\nHost: localhost\r\n\r\n");
      Wired.send(slow, "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
      // By the time the guard has closed this one it has looked at the others as often.
      Wired.untilClosed(idle, LATE);
      Wired.untilClosed(idleAfterwards(), LATE);

      STREAMS.forEach(request -> request.response().end("last"));

      assertThat(Wired.untilClosed(stream, LATE)).contains("first", "last");
      assertThat(Wired.untilClosed(slow, LATE)).contains("last");
    }
  }

  private static Socket idleAfterwards() throws IOException {
    return wired.connect();
  }

  // A byte at a time, until the other side has had enough.
  private static void trickle(Socket socket, String bytes) throws InterruptedException {
    for (var i = 0; i < bytes.length(); i++) {
      try {
        Wired.send(socket, bytes.substring(i, i + 1));
      } catch (IOException e) {
        return;
      }
      Thread.sleep(40);
    }
  }
}
