package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Requests that two parsers may read differently (RFC 9112 sections 2.2, 3, 5, 6, 7 and 11.2). None
 * is answered as if it were well, and what follows it on the connection is never a request of its
 * own, whatever the shape: the connection is closed.
 */
class SmugglingTest {
  private static final Duration LIMIT = Duration.ofSeconds(10);
  private static final String NEXT = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n";
  private static final String HOST = "Host: a\r\n";
  private static final String CHUNKED =
      "POST /first HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

  private static final Queue<String> SERVED = new ConcurrentLinkedQueue<>();
  private static Wired direct;
  private static Wired behindPlatform;

  @BeforeAll
  static void start() {
    direct = new Wired(false, HttpListener.Bounds.PUBLIC, _ -> SmugglingTest::handle);
    behindPlatform = new Wired(true, HttpListener.Bounds.PUBLIC, _ -> SmugglingTest::handle);
  }

  private static void handle(HttpServerRequest request) {
    request
        .body()
        .onSuccess(
            body -> {
              SERVED.add(request.path() + " " + body.length());
              request.response().end("reached");
            });
  }

  @AfterAll
  static void stop() {
    direct.close();
    behindPlatform.close();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isRefusedAndTheConnectionClosed(String shape) throws IOException {
    refused(direct, shape);
  }

  /** Behind a front end, which reads requests before us, Netty's own rules hold. */
  @ParameterizedTest
  @MethodSource("plain")
  void isRefusedBehindAPlatformToo(String shape) throws IOException {
    refused(behindPlatform, shape);
  }

  private static void refused(Wired wired, String shape) throws IOException {
    SERVED.clear();
    try (var socket = wired.connect()) {
      Wired.send(socket, shape + NEXT);

      var answer = Wired.untilClosed(socket, LIMIT);

      assertThat(answer).doesNotContain(" 200 ").doesNotContain("reached");
      assertThat(SERVED).isEmpty();
    }
  }

  /** What is well, however it is cut, is served; trailers change neither framing nor headers. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 1000})
  void whatIsWellIsServedHoweverItIsCut(int pieces) throws IOException {
    var requests =
        "\r\nGET /first HTTP/1.1\r\nHost: a\r\nX:\t a b \r\n\r\n"
            + "POST /second HTTP/1.1\r\nHost: a\r\nContent-Length: 7\r\n\r\n\n a: b\n"
            + CHUNKED
            + "5;a=b\r\n\n a\r\n\r\n2\r\n{}\r\n0\r\nContent-Length: 5\r\n\r\n"
            + "GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (var wired : List.of(direct, behindPlatform)) {
      SERVED.clear();
      try (var socket = wired.connect()) {
        for (var at = 0; at < requests.length(); at += pieces) {
          Wired.send(socket, requests.substring(at, Math.min(at + pieces, requests.length())));
        }

        Wired.untilClosed(socket, LIMIT);

        assertThat(SERVED).containsExactly("/first 0", "/second 7", "/first 7", "/last 0");
      }
    }
  }

  static Stream<String> shapes() {
    return Stream.of(
            plain(),
            mendedCodings().map(SmugglingTest::chunked),
            mendedLines().map(line -> line + HOST + "\r\n"),
            mendedHeaders().map(SmugglingTest::header))
        .flatMap(Function.identity());
  }

  static Stream<String> plain() {
    return Stream.of(
            lengths().map(header -> "POST /first HTTP/1.1\r\n" + HOST + header + "\r\n{}"),
            codings().map(SmugglingTest::chunked),
            lines().map(line -> line + HOST + "\r\n"),
            headers().map(SmugglingTest::header),
            chunks().map(chunks -> CHUNKED + chunks))
        .flatMap(Function.identity());
  }

  private static String chunked(String header) {
    return "POST /first HTTP/1.1\r\n" + HOST + header + "\r\n2\r\n{}\r\n0\r\n\r\n";
  }

  private static String header(String header) {
    return "GET /first HTTP/1.1\r\n" + HOST + header + "\r\n";
  }

  // What Netty mends or overlooks.

  private static Stream<String> mendedCodings() {
    return Stream.of(
        "Transfer-Encoding: identity, chunked\r\n",
        "Transfer-Encoding: gzip, chunked\r\n",
        "Transfer-Encoding:\r\n chunked\r\n",
        " Transfer-Encoding: chunked\r\n",
        "X: y\r\n Transfer-Encoding: chunked\r\n");
  }

  private static Stream<String> mendedLines() {
    return Stream.of(
        "GET  /first HTTP/1.1\r\n",
        "GET /first  HTTP/1.1\r\n",
        "GET\t/first HTTP/1.1\r\n",
        "GET /first\tHTTP/1.1\r\n",
        "GET /fi\u0000rst HTTP/1.1\r\n");
  }

  private static Stream<String> mendedHeaders() {
    return Stream.of(": a\r\n", "X: a\r\n b\r\n", "X: a\r\n\tb\r\n", " X: a\r\n");
  }

  private static Stream<String> lengths() {
    return Stream.of(
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: 2, 3\r\n",
        "Content-Length: +2\r\n",
        "Content-Length: -2\r\n",
        "Content-Length: 0x2\r\n",
        "Content-Length: 2 2\r\n",
        "Content-Length: 2;\r\n",
        "Content-Length: \r\n",
        "Content-Length: 99999999999999999999\r\n",
        "Content-Length: \u00b2\r\n",
        "Content-Length : 2\r\n",
        "Content-Length\u0000: 2\r\n",
        "Content-Length: 2\n\r\n",
        "\rContent-Length: 2\r\n");
  }

  private static Stream<String> codings() {
    return Stream.of(
        "Transfer-Encoding : chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Transfer-Encoding: chunked, chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
        "Transfer-Encoding: identity\r\n",
        "Transfer-Encoding: \u000bchunked\r\n",
        "Transfer-Encoding: chunked;q=1\r\n",
        "Transfer-Encoding: \"chunked\"\r\n",
        "Transfer-Encoding: chu\r\n nked\r\n",
        "Transfer-Encoding: chunked\r\n\tidentity\r\n",
        "Transfer-Encoding\u000b: chunked\r\n",
        "Transfer_Encoding: chunked\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n");
  }

  private static Stream<String> lines() {
    return Stream.of(
        "GET /first HTTP/1.1 \r\n",
        "GET /first HTTP/1.1 x\r\n",
        "GET /fi rst HTTP/1.1\r\n",
        "GET /first HTTP/1.10\r\n",
        "GET /first HTTP/2.0\r\n",
        "GET /first HTTP/1,1\r\n",
        "GET /first http/1.1\r\n",
        "GET /first HTTP\r\n",
        "GET /first\r\n",
        "G\u0000ET /first HTTP/1.1\r\n",
        "GE(T /first HTTP/1.1\r\n",
        "GET /first HTTP/1.1\n",
        "GET /first HTTP/1.1\r",
        "GET /fi\rrst HTTP/1.1\r\n");
  }

  private static Stream<String> headers() {
    return Stream.of(
        "X: a\n",
        "X: a\rY: b\r\n",
        "X: a\u0000b\r\n",
        "X : a\r\n",
        "X\t: a\r\n",
        "X\r\n",
        "X(: a\r\n",
        "X\u00e4: a\r\n",
        "X: a\u007fb\r\n",
        "\u0001: b\r\n");
  }

  private static Stream<String> chunks() {
    return Stream.of(
        "zz\r\n{}\r\n0\r\n\r\n",
        "-2\r\n{}\r\n0\r\n\r\n",
        "+2\r\n{}\r\n0\r\n\r\n",
        "0x2\r\n{}\r\n0\r\n\r\n",
        " 2\r\n{}\r\n0\r\n\r\n",
        "2_\r\n{}\r\n0\r\n\r\n",
        "\r\n2\r\n{}\r\n0\r\n\r\n",
        "100000002\r\n{}\r\n0\r\n\r\n",
        "ffffffffffffffff2\r\n{}\r\n0\r\n\r\n",
        "2\n{}\r\n0\r\n\r\n",
        "2\r{}\r\n0\r\n\r\n",
        "2;a\n{}\r\n0\r\n\r\n",
        "2;a\nxx\r\n{}\r\n0\r\n\r\n",
        "2;a\rb\r\n{}\r\n0\r\n\r\n",
        "2;\"\r\n\"\r\n{}\r\n0\r\n\r\n",
        "2;" + "a".repeat(20_000) + "\r\n{}\r\n0\r\n\r\n",
        "2\r\n{}0\r\n\r\n",
        "2\r\n{}\n0\r\n\r\n",
        "2\r\n{}xx0\r\n\r\n",
        "2\r\n{}\r\n0\n\n",
        "2\r\n{}\r\n0\r\nX : a\r\n\r\n",
        "2\r\n{}\r\n0\r\n a: b\r\n\r\n",
        "2\r\n{}\r\n0\r\nX: " + "a".repeat(20_000) + "\r\n\r\n");
  }
}
