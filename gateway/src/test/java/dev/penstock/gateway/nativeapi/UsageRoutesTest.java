package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.store.FakeSessionService;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.store.StoreConfig;
import dev.penstock.gateway.store.StoreLoad;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.problem.ProblemHandler;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
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

  @Test
  void showsItToNobodyWithoutTheScope() {
    var vertx = Vertx.vertx();
    try {
      var router = Router.router(vertx);
      var rights = new Rights("k1", Set.of(Scope.CHAT, Scope.SESSIONS), null, Limits.NONE, null);
      router
          .route()
          .handler(
              ctx -> {
                new Caller("acme", null, rights, Span.getInvalid()).enter(ctx);
                ctx.next();
              });
      var config = StoreConfig.from(new Environment(Map.of()));
      new UsageRoutes(
              new SessionStore(vertx, config, new StoreLoad(), ServiceIdentity.NONE, Tracing.OFF))
          .mount(router);
      router.route().failureHandler(new ProblemHandler(Problems::of));
      var server = join(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));

      var answer =
          new Client(URI.create("http://127.0.0.1:" + server.actualPort())).get("/v1/usage");

      assertThat(answer.status()).isEqualTo(403);
      assertThat(answer.code()).isEqualTo("forbidden");
    } finally {
      join(vertx.close());
    }
  }

  private static <T> T join(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
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
