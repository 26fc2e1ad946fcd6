package dev.penstock.gateway.keyuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.store.FakeSessionService;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.store.StoreConfig;
import dev.penstock.gateway.store.StoreLoad;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of use that was counted. */
@Timeout(60)
class UseReportsTest {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 21);
  private static final Usage USAGE = new Usage(10, 20, false);

  private final Vertx vertx = Vertx.vertx();
  private final FakeSessionService service = new FakeSessionService(vertx);
  private Instant now = Instant.parse("2026-11-21T23:59:59Z");
  private final UseLedger ledger = new UseLedger(3, () -> now);

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  @Test
  void reportsWhatWasCountedByTenantKeyAndDay() {
    ledger.used(caller("acme", "k1"), USAGE, 300);
    ledger.used(caller("acme", "k1"), USAGE, 200);
    ledger.refused(caller("acme", "k1"));
    ledger.used(caller("other", null), USAGE, 1);
    now = now.plusSeconds(1);
    ledger.used(caller("acme", "k1"), USAGE, 7);

    reports(Duration.ofMillis(20));

    await().atMost(Duration.ofSeconds(20)).until(() -> !service.keyUse().isEmpty());
    assertThat(service.keyUse()).hasSize(1);
    assertThat(service.keyUse().getFirst().number()).isEqualTo(1);
    assertThat(service.keyUse().getFirst().uses())
        .containsExactlyInAnyOrder(
            new KeyUse.OfTenant("acme", new KeyUse("k1", DAY, 2, 20, 40, 500, 1)),
            new KeyUse.OfTenant("other", new KeyUse(null, DAY, 1, 10, 20, 1, 0)),
            new KeyUse.OfTenant("acme", new KeyUse("k1", DAY.plusDays(1), 1, 10, 20, 7, 0)));
  }

  @Test
  void sendsABatchUnchangedUntilItIsAcknowledged() {
    service.refusesKeyUse(true);
    ledger.used(caller("acme", "k1"), USAGE, 300);
    reports(Duration.ofMillis(20));
    await().atMost(Duration.ofSeconds(20)).until(() -> service.keyUse().size() >= 2);
    ledger.used(caller("acme", "k1"), USAGE, 1);
    service.refusesKeyUse(false);

    await().atMost(Duration.ofSeconds(20)).until(() -> service.keyUse().getLast().number() == 2);
    var batches = service.keyUse();
    assertThat(Set.copyOf(batches)).hasSize(2);
    assertThat(batches.getFirst().uses().getFirst().use().gpuMs()).isEqualTo(300);
    assertThat(batches.getLast().uses().getFirst().use().gpuMs()).isEqualTo(1);
  }

  @Test
  void reportsTheRestAtTheEndOfADrain() {
    var reports = reports(Duration.ofMinutes(10));
    ledger.used(caller("acme", "k1"), USAGE, 300);

    join(reports.last());

    assertThat(service.keyUse()).hasSize(1);
  }

  @Test
  void keepsNoMoreKeysThanItMay() {
    for (var i = 0; i < 5; i++) {
      ledger.used(caller("acme", "k" + i), USAGE, 1);
    }
    ledger.used(caller("acme", "k0"), USAGE, 1);

    assertThat(ledger.take(2)).hasSize(2);
    assertThat(ledger.take(100)).hasSize(1);
    assertThat(ledger.take(100)).isEmpty();
  }

  private UseReports reports(Duration period) {
    var config =
        StoreConfig.from(
            new Environment(Map.of("SESSION_SERVICE_URL", service.address().toString())));
    var reports =
        new UseReports(
            ledger,
            period,
            loop ->
                new SessionStore(loop, config, new StoreLoad(), ServiceIdentity.NONE, Tracing.OFF));
    join(vertx.deployVerticle(reports));
    return reports;
  }

  private static void join(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static Caller caller(String tenant, @Nullable String key) {
    var rights = new Rights(key, Set.of(Scope.CHAT), null, Limits.NONE, null);
    return new Caller(tenant, null, rights, Span.getInvalid());
  }
}
