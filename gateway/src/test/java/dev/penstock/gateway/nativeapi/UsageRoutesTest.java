package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.store.FakeSessionService;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code GET /v1/usage}. */
class UsageRoutesTest {
  private static GatewayFixture gateway;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    gateway.store.behaves(
        request ->
            FakeSessionService.answer(
                request,
                200,
                new KeyUse.Page(
                    List.of(new KeyUse("k1", LocalDate.of(2026, 11, 21), 1, 2, 3, 4, 5)))));
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @Test
  void showsTheTenantsUseOfThoseDays() {
    var answer = gateway.client().get("/v1/usage?from=2026-11-01&to=2026-11-30");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body())
        .isEqualTo(
            "{\"data\":[{\"key\":\"k1\",\"day\":\"2026-11-21\",\"requests\":1,\"input_tokens\":2,"
                + "\"output_tokens\":3,\"gpu_ms\":4,\"refused\":5}]}");
    assertThat(gateway.store.lastAsked().uri()).isEqualTo("/key-use?from=2026-11-01&to=2026-11-30");
    assertThat(gateway.store.lastAsked().headers().get("Penstock-Tenant")).isEqualTo("default");
  }

  @Test
  void showsTheLastThirtyDaysWhereNoneAreNamed() {
    gateway.client().get("/v1/usage");

    var today = LocalDate.now(ZoneOffset.UTC);
    assertThat(gateway.store.lastAsked().uri())
        .isIn(
            "/key-use?from=" + today.minusDays(29) + "&to=" + today,
            "/key-use?from=" + today.minusDays(30) + "&to=" + today.minusDays(1));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "from=tomorrow",
        "to=2026-02-30",
        "from=2026-11-02&to=2026-11-01",
        "from=2025-11-01&to=2026-11-02",
        "tenant=other"
      })
  void refusesOtherDays(String query) {
    assertThat(gateway.client().get("/v1/usage?" + query).code()).isEqualTo("invalid_request");
  }
}
