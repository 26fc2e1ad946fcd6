package dev.penstock.session.leases;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.session.Accepts;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an owner learns with its renewal (turns.md T-20, T-21, T-33). */
class LeaseIT {
  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  /** T-20. */
  @Test
  void aRenewalAfterExpiryBeginsANewLife() {
    var gateway = UUID.randomUUID();
    service.renew(gateway);
    database.run(
        "UPDATE instance SET alive_since = alive_since - interval '1 minute' WHERE id = '"
            + gateway
            + "'");
    service.renew(gateway);
    var renewed = ageOf(gateway);
    database.run(
        "UPDATE instance SET lease_until = clock_timestamp() - interval '1 second' WHERE id = '"
            + gateway
            + "'");
    service.renew(gateway);

    assertThat(renewed).isGreaterThanOrEqualTo(60);
    assertThat(ageOf(gateway)).isLessThan(10);
    assertThat(
            database.column(
                "SELECT extract(epoch FROM lease_until - clock_timestamp())::int <= 5 FROM"
                    + " instance WHERE id = '"
                    + gateway
                    + "'"))
        .containsExactly("t");
  }

  /** T-21. */
  @Test
  void tellsWhatIsLostAndWhatIsToBeStarted() {
    var turn = service.ask(service.createSession().id(), "Mine").id();
    var other = UUID.randomUUID();

    var tooFresh = service.renew(Accepts.GATEWAY);
    database.run(
        "UPDATE turn SET owned_since = owned_since - interval '3 seconds' WHERE id = '"
            + turn
            + "'");
    var unknown = service.renew(Accepts.GATEWAY);
    var running = service.renew(Accepts.GATEWAY, turn);
    var strangers = service.renew(other, turn);

    assertThat(tooFresh.start()).isEmpty();
    assertThat(unknown.start()).containsExactly(turn);
    assertThat(running.start()).isEmpty();
    assertThat(running.lost()).isEmpty();
    assertThat(strangers.lost()).containsExactly(turn);
    var assignment = service.get("/turns/" + turn + "/assignment?instance=" + Accepts.GATEWAY);
    assertThat(assignment.as(Accept.Assignment.class).history()).hasSize(1);
    assertThat(service.get("/turns/" + turn + "/assignment?instance=" + other).status())
        .isEqualTo(409);
  }

  /** T-33. */
  @Test
  void tellsWhichTurnsHaveReadersElsewhere() {
    var owner = Accepts.GATEWAY;
    var follower = UUID.randomUUID();
    var turn = service.ask(service.createSession().id(), "Read me").id();
    service.renew(owner, turn);

    service.send(
        "PUT", "/instances/" + follower + "/lease", new Renewal(List.of(), List.of(turn), false));
    var followed = service.renew(owner, turn);
    service.renew(follower);
    var left = service.renew(owner, turn);

    assertThat(followed.followed()).containsExactly(turn);
    assertThat(left.followed()).isEmpty();
  }

  /** T-21: shares of limits are by living gateways; this service's own processes don't count. */
  @Test
  void countsTheLivingGateways() {
    var alone = service.renew(Accepts.GATEWAY).liveGateways();
    var second = UUID.randomUUID();
    var both = service.renew(second).liveGateways();
    service.send("DELETE", "/instances/" + second + "/lease", null);
    var again = service.renew(Accepts.GATEWAY).liveGateways();

    assertThat(both).isEqualTo(alone + 1);
    assertThat(again).isEqualTo(alone);
  }

  private static int ageOf(UUID instance) {
    return Integer.parseInt(
        database
            .column(
                "SELECT extract(epoch FROM clock_timestamp() - alive_since)::int FROM instance"
                    + " WHERE id = '"
                    + instance
                    + "'")
            .getFirst());
  }
}
