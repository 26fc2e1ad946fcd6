package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayFixture;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may call from where: an open gateway on loopback, and pages of other origins. */
class LoopbackGuardTest {
  private static final String APP = "https://app.example.com";
  private static GatewayFixture gateway;
  private static GatewayFixture shared;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    shared =
        new GatewayFixture(Map.of("PENSTOCK_ALLOWED_ORIGINS", APP, "AUTHENTICATION", "platform"));
  }

  @AfterAll
  static void stop() {
    gateway.close();
    shared.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST:8080",
        "127.0.0.1:80",
        "127.8.9.1",
        "[::1]:9",
        "chat.localhost"
      })
  void answersLoopbackNames(String host) {
    assertThat(ask(gateway, "Host: " + host + "\r\n").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "evil.example",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.7",
        "0.0.0.0"
      })
  void refusesOtherNamesForWhichAPageMayHaveResolvedLoopback(String host) {
    var refused = ask(gateway, "Host: " + host + "\r\n");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.code()).isEqualTo("forbidden");
    assertThat(refused.body()).doesNotContain(host);
  }

  @Test
  void refusesARequestWithoutAHostOrWithTwo() {
    assertThat(ask(gateway, "").status()).isEqualTo(400);
    assertThat(ask(gateway, "Host: localhost\r\nHost: localhost\r\n").status()).isEqualTo(400);
  }

  @Test
  void answersItsOwnOriginAndNoOther() {
    var host = "Host: localhost:" + gateway.port() + "\r\n";

    assertThat(ask(gateway, host + "Origin: http://localhost:" + gateway.port() + "\r\n").status())
        .isEqualTo(200);
    for (var origin : new String[] {APP, "null", "http://localhost:1"}) {
      var refused = ask(gateway, host + "Origin: " + origin + "\r\n");
      assertThat(refused.status()).isEqualTo(403);
      assertThat(refused.headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }
  }

  /** adk-api.md section 6. */
  @ParameterizedTest
  @CsvSource({"localhost, https://evil.example, origin", "evil.example, '', host"})
  void tellsPagesOfOthersInTheWordsOfAdkWhereTheyAskForThat(
      String host, String origin, String part) {
    var refused =
        RawSocket.ask(
            gateway.port(),
            "POST /run HTTP/1.1\r\nHost: %s\r\n%sContent-Length: 2\r\n\r\n{}"
                .formatted(host, origin.isEmpty() ? "" : "Origin: " + origin + "\r\n"));

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.body()).isEqualTo("Forbidden: " + part + " not allowed");
    assertThat(refused.headers().get("Content-Type")).startsWith("text/plain");
  }

  @Test
  void answersNoPreflightUnlessAnOriginIsAllowed() {
    var refused = preflight(gateway, APP);

    assertThat(refused.status()).isEqualTo(403);
    assertThat(preflight(shared, "https://other.example").status()).isEqualTo(405);
  }

  @Test
  void letsPagesOfAnAllowedOriginCallAndReadWhatTheyNeed() {
    var preflight = preflight(shared, APP);
    var get = ask(shared, "Host: api.example.com\r\nOrigin: " + APP + "\r\n");

    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.headers().get("Access-Control-Allow-Origin")).isEqualTo(APP);
    assertThat(preflight.headers().get("Access-Control-Allow-Headers"))
        .contains("authorization", "content-type", "last-event-id", "idempotency-key");
    assertThat(get.status()).isEqualTo(200);
    assertThat(get.headers().get("Access-Control-Allow-Origin")).isEqualTo(APP);
    assertThat(get.headers().get("Access-Control-Expose-Headers"))
        .contains("x-request-id", "x-turn-id", "retry-after");
    assertThat(get.headers().get("Vary")).containsIgnoringCase("origin");
  }

  @ParameterizedTest
  @CsvSource({"https://other.example", "http://app.example.com", "null"})
  void tellsBrowsersNothingForOtherOrigins(String origin) {
    var get = ask(shared, "Host: api.example.com\r\nOrigin: " + origin + "\r\n");

    assertThat(get.headers()).doesNotContainKey("Access-Control-Allow-Origin");
    assertThat(get.headers().get("Vary")).containsIgnoringCase("origin");
  }

  private static RawSocket.Answer preflight(GatewayFixture to, String origin) {
    return RawSocket.ask(
        to.port(),
        "OPTIONS /v1/sessions HTTP/1.1\r\nHost: localhost\r\nOrigin: "
            + origin
            + "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  }

  private static RawSocket.Answer ask(GatewayFixture to, String headers) {
    return RawSocket.ask(to.port(), "GET /v1/agents HTTP/1.1\r\n" + headers + "\r\n");
  }
}
