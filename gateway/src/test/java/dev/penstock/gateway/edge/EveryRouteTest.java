package dev.penstock.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.openapi.OpenApiDocument;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What every described route answers with, well or not (reliability.md section 5.5). */
class EveryRouteTest {
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

  /** Most of these fail, for want of a body or of what an id names: so errors are in. */
  @Test
  void carriesTheSecurityHeaders() {
    for (var route : routes()) {
      for (var method : List.of(route[0], "TRACE", "OPTIONS")) {
        var headers = ask(gateway, method, route[1], "").headers();

        var what = method + " " + route[1];
        assertThat(headers.get("X-Content-Type-Options")).as(what).isEqualTo("nosniff");
        assertThat(headers.get("Content-Security-Policy"))
            .as(what)
            .contains("default-src")
            .doesNotContain("*");
        assertThat(headers.get("Referrer-Policy")).as(what).isEqualTo("no-referrer");
        assertThat(headers).as(what).containsKeys("X-Request-Id", "Cross-Origin-Resource-Policy");
        assertThat(headers).as(what).doesNotContainKeys("Server", "X-Powered-By");
        assertThat(headers).as(what).doesNotContainKey("Access-Control-Allow-Origin");
      }
    }
  }

  @Test
  void tellsBrowsersOfAListedOriginThatTheyMayAndOthersNothing() {
    for (var route : routes()) {
      var asks = "Access-Control-Request-Method: " + route[0] + "\r\n";
      var listed = ask(shared, "OPTIONS", route[1], "Origin: " + APP + "\r\n" + asks);
      var others = ask(shared, "OPTIONS", route[1], "Origin: https://evil.example\r\n" + asks);
      var none = ask(shared, "OPTIONS", route[1], "Origin: null\r\n" + asks);

      assertThat(listed.status()).as(route[1]).isEqualTo(204);
      assertThat(listed.headers().get("Access-Control-Allow-Origin")).isEqualTo(APP);
      assertThat(listed.headers()).doesNotContainKey("Access-Control-Allow-Credentials");
      assertThat(listed.headers().get("Vary")).contains("origin");
      assertThat(others.headers()).doesNotContainKey("Access-Control-Allow-Origin");
      assertThat(none.headers()).doesNotContainKey("Access-Control-Allow-Origin");
    }
  }

  private static List<String[]> routes() {
    var routes = new ArrayList<String[]>();
    var document = Wire.decode(OpenApiDocument.json().toString(), JsonNode.class);
    for (var path : document.get("paths").properties()) {
      for (var method : List.of("get", "post", "put", "patch", "delete")) {
        if (path.getValue().has(method)) {
          routes.add(
              new String[] {
                method.toUpperCase(Locale.ROOT), path.getKey().replaceAll("\\{[^}]+}", "x")
              });
        }
      }
    }
    assertThat(routes).hasSizeGreaterThan(60);
    return routes;
  }

  private static RawSocket.Answer ask(
      GatewayFixture of, String method, String path, String headers) {
    return RawSocket.ask(
        of.port(),
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n"
            + headers
            + "\r\n");
  }
}
