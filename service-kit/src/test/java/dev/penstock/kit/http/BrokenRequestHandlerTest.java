package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BrokenRequestHandlerTest {
  private static Wired wired;

  @BeforeAll
  static void start() {
    wired =
        new Wired(HttpListener.Bounds.PUBLIC, _ -> request -> request.response().end("reached"));
  }

  @AfterAll
  static void stop() {
    wired.close();
  }

  @ParameterizedTest
  @CsvSource({
    "414, 'GET /%s HTTP/1.1\r\nHost: a\r\n\r\n'",
    "431, 'GET / HTTP/1.1\r\nHost: a\r\nX-Big: %s\r\n\r\n'",
    "400, 'GET / HTTP/1.1\r\nBad Name: a\r\n\r\n'",
    "400, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n'",
    "400, 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'",
  })
  void answersWithAProblemAndCloses(int status, String request) throws IOException {
    try (var socket = wired.connect()) {
      Wired.send(socket, request.formatted("x".repeat(20_000)));

      var answer = Wired.untilClosed(socket, Duration.ofSeconds(5));

      assertThat(answer).contains(" " + status + " ").doesNotContain("reached");
      assertThat(answer.toLowerCase(java.util.Locale.ROOT))
          .contains("application/problem+json", "x-request-id", "connection: close");
      assertThat(answer).contains("\"code\":\"invalid_request\"").doesNotContain("Exception");
    }
  }
}
