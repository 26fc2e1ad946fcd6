package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.Stretch;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * T-23: a zombie keeps flushing while its turn is claimed and closed, and a follower polls all the
 * while. What the follower delivered is a prefix of the stored text, always.
 */
class ClaimRaceIT {
  private static final int ROUNDS = 20;

  private static TestDatabase database;
  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    database = TestDatabase.create();
    service = SessionServiceDriver.start(database);
    database.run(
        "UPDATE instance SET alive_since = clock_timestamp() - interval '1 minute'"
            + " WHERE kind = 'session-service'");
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void aFollowerNeverDeliversWhatTheEndDoesNotHold() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var round = 0; round < ROUNDS; round++) {
        var zombie = UUID.randomUUID();
        service.renew(zombie);
        var turn = service.ask(service.createSession().id(), "Race " + round).id();
        database.run("UPDATE turn SET owner_id = '" + zombie + "' WHERE id = '" + turn + "'");
        var over = new AtomicBoolean();
        var flushing = threads.submit(() -> flushUntil(over, turn));
        var following = threads.submit(() -> follow(turn));

        await().atMost(Duration.ofSeconds(5)).until(() -> service.poll(turn, 1, 0).lastSeq() > 3);
        database.run(
            "UPDATE instance SET lease_until = clock_timestamp() - interval '1 second' WHERE id = '"
                + zombie
                + "'");
        service.send("POST", "/turns/" + turn + "/cancel", null);
        await()
            .atMost(Duration.ofSeconds(5))
            .until(() -> service.turn(turn).state() == TurnState.CANCELLED);
        var delivered = following.get();
        over.set(true);
        flushing.get();

        assertThat(delivered).isEqualTo(service.output(turn).text());
      }
    }
  }

  private static Void flushUntil(AtomicBoolean over, UUID turn) {
    for (var seq = 1; !over.get(); seq++) {
      service.flush(Answers.deltas(turn, 1, seq, "w" + seq + " "));
    }
    return null;
  }

  private static String follow(UUID turn) {
    var text = new StringBuilder();
    var attempt = 1;
    var seq = 0;
    while (true) {
      var progress = service.poll(turn, attempt, seq);
      var bases = Bases.known(progress.bases());
      for (var row : progress.rows()) {
        if (row.kind() == LogRow.Kind.TERMINAL) {
          return text.toString();
        }
        var texts = java.util.List.of(Wire.decode(row.data(), String[].class));
        var next = new Stretch(row.attempt(), row.seqFrom(), texts).after(seq, bases.orElseThrow());
        if (next.isPresent()) {
          next.get().texts().forEach(text::append);
          seq = next.get().seqTo();
          attempt = row.attempt();
        }
      }
    }
  }
}
