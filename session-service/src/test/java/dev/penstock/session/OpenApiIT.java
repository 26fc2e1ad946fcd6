package dev.penstock.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The OpenAPI document against the routes; what the bodies hold is checked with every exchange. */
class OpenApiIT {
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void everyDocumentedOperationIsARoute() {
    for (var operation : OpenApi.operations()) {
      var path = operation.path().replace("{id}", UUID.randomUUID().toString());
      var answer =
          service.exchange(
              operation.method(),
              path,
              Map.of("Penstock-Tenant", "default"),
              operation.method().equals("GET") ? null : "{}");

      assertThat(answer.status()).as("%s", operation).isNotIn(405, 500, 501);
      assertThat(answer.response().body()).doesNotContain("No route has this path.");
    }
  }

  @Test
  void anUnknownPathOrMethodIsAProblem() {
    var unknown = service.exchange("GET", "/nothing", Map.of(), null);
    var wrong = service.exchange("PUT", "/turns", Map.of(), "{}");

    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.code()).isEqualTo("not_found");
    assertThat(wrong.status()).isEqualTo(405);
    assertThat(wrong.code()).isEqualTo("method_not_allowed");
  }

  @Test
  void aBodyThatIsNotTheRecordIsAProblem() {
    for (var body : new String[] {"", "nonsense", "[]", "{\"text\":[]}", "{\"instance\":\"x\"}"}) {
      var answer = service.exchange("POST", "/turns", Map.of("Penstock-Tenant", "default"), body);
      assertThat(answer.code()).as(body).isEqualTo("invalid_request");
    }
  }

  @Test
  void theProbesTellTheServicesState() {
    assertThat(service.get("/livez").status()).isEqualTo(200);
    assertThat(service.get("/readyz").status()).isEqualTo(200);
    assertThat(service.get("/health").response().body())
        .contains("\"service\":\"session-service\"", "\"postgresql\":\"healthy\"");
  }
}
