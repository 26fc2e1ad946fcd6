package dev.penstock.session.keyuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Use by key and day: what gateways counted, added up, each batch once. */
class KeyUseIT {
  private static final LocalDate MONDAY = LocalDate.of(2026, 11, 23);
  private static final LocalDate TUESDAY = MONDAY.plusDays(1);

  private static SessionServiceDriver service;

  private final String tenant = "tenant-" + UUID.randomUUID();

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void addsUpWhatSeveralGatewaysCountedOfAKeyAndADay() {
    add(UUID.randomUUID(), 1, use("k1", MONDAY, 2), use("k1", TUESDAY, 5), use(null, MONDAY, 1));
    add(UUID.randomUUID(), 1, use("k1", MONDAY, 3), use("k2", MONDAY, 7));

    assertThat(read(tenant, MONDAY, TUESDAY))
        .containsExactly(
            use(null, MONDAY, 1),
            use("k1", MONDAY, 5),
            use("k2", MONDAY, 7),
            use("k1", TUESDAY, 5));
    assertThat(read(tenant, TUESDAY, TUESDAY)).containsExactly(use("k1", TUESDAY, 5));
  }

  @Test
  void countsABatchOnceHoweverOftenItComes() {
    var gateway = UUID.randomUUID();
    add(gateway, 1, use("k1", MONDAY, 2));
    add(gateway, 1, use("k1", MONDAY, 2));
    add(gateway, 2, use("k1", MONDAY, 3));
    add(gateway, 1, use("k1", MONDAY, 2));

    assertThat(read(tenant, MONDAY, MONDAY)).containsExactly(use("k1", MONDAY, 5));
  }

  @Test
  void aTenantSeesItsOwnUseOnly() {
    add(UUID.randomUUID(), 1, use("k1", MONDAY, 2));

    assertThat(read("stranger", MONDAY, MONDAY)).isEmpty();
  }

  @Test
  void refusesWhatIsNoDayAndWhatTakesSomethingAway() {
    assertThat(service.get("/key-use?from=2026-11-23&to=tomorrow").code())
        .isEqualTo("invalid_request");
    assertThat(service.get("/key-use?from=2026-11-23").code()).isEqualTo("invalid_request");
    var less = new KeyUse("k1", MONDAY, -1, 0, 0, 0, 0);
    assertThat(service.send("POST", "/key-use", batch(UUID.randomUUID(), 1, less)).code())
        .isEqualTo("invalid_request");
  }

  private void add(UUID gateway, long number, KeyUse... uses) {
    assertThat(service.send("POST", "/key-use", batch(gateway, number, uses)).status())
        .isEqualTo(204);
  }

  private KeyUse.Batch batch(UUID gateway, long number, KeyUse... uses) {
    return new KeyUse.Batch(
        gateway,
        number,
        List.of(uses).stream().map(use -> new KeyUse.OfTenant(tenant, use)).toList());
  }

  private static List<KeyUse> read(String tenant, LocalDate from, LocalDate to) {
    return service
        .send("GET", "/key-use?from=" + from + "&to=" + to, Map.of("Penstock-Tenant", tenant), null)
        .as(KeyUse.Page.class)
        .data();
  }

  private static KeyUse use(@Nullable String key, LocalDate day, long times) {
    return new KeyUse(key, day, times, 10 * times, 20 * times, 1000 * times, times);
  }
}
