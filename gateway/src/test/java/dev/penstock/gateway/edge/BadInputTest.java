package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.store.FakeSessionService;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes that no well-meaning client sends; after each, others are served as before. */
class BadInputTest {
  private static final int MIB = 1024 * 1024;
  private static GatewayFixture gateway;
  private static FakeSessionService store;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    store = gateway.store;
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void othersAreServed() {
    assertThat(gateway.client().get("/v1/agents").status()).isEqualTo(200);
  }

  @Test
  void refusesALongBodyByItsLengthWithoutWaitingForIt() {
    var refused = RawSocket.ask(gateway.port(), post("Content-Length: " + (MIB + 1) + "\r\n"));

    assertThat(refused.status()).isEqualTo(413);
    assertThat(refused.code()).isEqualTo("payload_too_large");
    assertThat(refused.headers().get("Connection")).isEqualTo("close");
  }

  @Test
  void refusesALongBodyWhoseClientSendsItAllBeforeItReads() {
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(post("Content-Length: " + 3 * MIB + "\r\n")).send(new byte[3 * MIB]);

      assertThat(socket.answer().status()).isEqualTo(413);
      assertThat(socket.isClosedWithin(Duration.ofSeconds(4))).isTrue();
    }
  }

  @Test
  void refusesALongBodyInChunksAsSoonAsItIsTooLong() {
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(post("Transfer-Encoding: chunked\r\n"));
      for (var i = 0; i < 17; i++) {
        socket.send("10000\r\n" + " ".repeat(65_536) + "\r\n");
      }

      assertThat(socket.answer().status()).isEqualTo(413);
    }
  }

  @Test
  void takesABodyOfExactlyTheLimit() {
    var body = "{\"title\":\"t\"}";

    var answer =
        RawSocket.ask(
            gateway.port(),
            post("Content-Length: " + MIB + "\r\n") + body + " ".repeat(MIB - body.length()));

    assertThat(answer.status()).isEqualTo(201);
  }

  @Test
  void continuesAClientThatWaitsToBeToldSo() {
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(post("Content-Length: 2\r\nExpect: 100-continue\r\n"));
      assertThat(socket.answer().status()).isEqualTo(100);

      socket.send("{}");
      assertThat(socket.answer().status()).isEqualTo(201);
    }
    var tooLong = post("Content-Length: " + 2 * MIB + "\r\nExpect: 100-continue\r\n");
    assertThat(RawSocket.ask(gateway.port(), tooLong).status()).isEqualTo(413);
  }

  @Test
  void refusesNestingOfTenThousand() {
    for (var body :
        new String[] {
          "[".repeat(10_000), "{\"a\":".repeat(10_000), "{\"metadata\":" + "[".repeat(40)
        }) {
      assertThat(sent(body).status()).isEqualTo(400);
      assertThat(sent(body).body()).contains("nested deeper than 32");
    }
  }

  @Test
  void refusesInvalidUtf8() {
    for (var bytes : new String[] {"\u00ff", "\u00c3", "\u00ed\u00a0\u0080", "\u00c0\u0080"}) {
      var refused = sent("{\"title\":\"" + bytes + "\"}");

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().at("/errors/0/expected").asText()).isEqualTo("UTF-8");
    }
  }

  @Test
  void replacesNulAndLoneSurrogatesWhereTheyEnter() {
    var created =
        sent(
            "{\"title\":\"a\\u0000b\\ud800c\\udc00d\\ud83d\\udc3c\",\"metadata\":{\"k\\u0000\":\"\\udfff\"}}");

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.json().get("title").asText()).isEqualTo("a\uFFFDb\uFFFDc\uFFFDd🐼");
    assertThat(created.json().at("/metadata").toString()).isEqualTo("{\"k\uFFFD\":\"\uFFFD\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"title\":\"a\",\"title\":\"b\"}",
        "{\"options\":{\"seed\":1,\"s\\u0065ed\":2}}",
        "{\"title\":\"a\"}\u0000",
        "{\"title\":\"a\nb\"}",
        "{'title':1}",
        "{\"title\":NaN}",
        "{\"options\":{\"seed\":" + "1" + "}",
        "\u00ef\u00bb\u00bf",
      })
  void refusesWhatIsNotOneJsonDocument(String body) {
    assertThat(sent(body).status()).isEqualTo(400);
  }

  @Test
  void refusesNumbersWithoutEnd() {
    assertThat(sent("{\"options\":{\"seed\":" + "9".repeat(100_000) + "}}").status())
        .isEqualTo(400);
    assertThat(sent("{\"options\":{\"temperature\":1e99999}}").status()).isEqualTo(400);
  }

  @Test
  void answersARequestLineOf20KilobytesWithAProblem() {
    var refused = RawSocket.ask(gateway.port(), "GET /" + "a".repeat(20_000) + " HTTP/1.1\r\n\r\n");

    assertThat(refused.status()).isEqualTo(414);
    assertThat(refused.code()).isEqualTo("invalid_request");
    assertThat(refused.headers()).containsKey("X-Request-Id");
  }

  @Test
  void answersHugeHeadersWithAProblem() {
    var refused =
        RawSocket.ask(
            gateway.port(),
            ErrorsTest.request("GET", "/", "X-Big: " + "b".repeat(20_000) + "\r\n"));

    assertThat(refused.status()).isEqualTo(431);
    assertThat(refused.code()).isEqualTo("invalid_request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 2\r\nContent-Length: 3\r\n",
        "Content-Length: -2\r\n",
        "Content-Length: two\r\n",
        "Transfer-Encoding: gzip, chunked\r\nTransfer-Encoding: identity\r\n",
        "Bad Header: x\r\n",
        "X-Nul: a\u0000b\r\n",
      })
  void answersBrokenFramingWithAProblemAndCloses(String headers) {
    var before = store.sessionCount();
    try (var socket = RawSocket.to(gateway.port())) {
      var refused = socket.send(post(headers) + "{}").answer();

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.code()).isEqualTo("invalid_request");
      assertThat(socket.isClosedWithin(Duration.ofSeconds(4))).isTrue();
    }
    assertThat(store.sessionCount()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zz\r\n{}\r\n", "ffffffffffffffff\r\n{}", "2\r\n{}x\r\n0\r\n\r\n"})
  void storesNothingOfABodyWithBrokenChunks(String chunks) {
    var before = store.sessionCount();
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(post("Transfer-Encoding: chunked\r\n") + chunks);

      assertThat(socket.isClosedWithin(Duration.ofSeconds(4))).isTrue();
    }
    assertThat(store.sessionCount()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001",
        "GET\r\n\r\n",
        "\r\n\r\n\r\n",
        "SSH-2.0-x\r\n\r\n"
      })
  void survivesOtherProtocols(String bytes) {
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(bytes).closeOutput();

      assertThat(socket.isClosedWithin(Duration.ofSeconds(4))).isTrue();
    }
  }

  @Test
  void storesNothingOfARequestWhoseClientIsHalfGone() {
    var before = store.sessionCount();
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(post("Content-Length: 20\r\n") + "{\"title\"").closeOutput();

      assertThat(socket.isClosedWithin(Duration.ofSeconds(4))).isTrue();
    }
    assertThat(store.sessionCount()).isEqualTo(before);
  }

  @Test
  void answersPipelinedRequestsInOrder() {
    try (var socket = RawSocket.to(gateway.port())) {
      socket.send(
          ErrorsTest.request("GET", "/v1/agents", "")
              + ErrorsTest.request("GET", "/v1/nope", "")
              + ErrorsTest.request("GET", "/livez", ""));

      assertThat(socket.answer().status()).isEqualTo(200);
      assertThat(socket.answer().status()).isEqualTo(404);
      assertThat(socket.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void servesOthersBesideTwoThousandIdleConnections() {
    var idle = new ArrayList<RawSocket>();
    try {
      for (var i = 0; i < 2000; i++) {
        idle.add(RawSocket.to(gateway.port()));
      }
      // Half of them have said something and stopped.
      for (var i = 0; i < 1000; i++) {
        idle.get(i).send("GET /v1/age");
      }

      assertThat(gateway.client().get("/v1/agents").status()).isEqualTo(200);
      assertThat(gateway.client().post("/v1/sessions", "{}").status()).isEqualTo(201);
    } finally {
      idle.forEach(RawSocket::close);
    }
  }

  private static RawSocket.Answer sent(String latin1) {
    var bytes = latin1.getBytes(StandardCharsets.ISO_8859_1);
    return RawSocket.ask(gateway.port(), post("Content-Length: " + bytes.length + "\r\n") + latin1);
  }

  private static String post(String headers) {
    return ErrorsTest.request(
        "POST", "/v1/sessions", "Content-Type: application/json\r\n" + headers);
  }
}
