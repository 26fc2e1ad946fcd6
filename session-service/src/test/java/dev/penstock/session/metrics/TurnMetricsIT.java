package dev.penstock.session.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.session.Accept;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the page tells of turns that are really stored. */
class TurnMetricsIT {
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
  void countsWhatAKeyLedToAndTimesWhatIsCommitted() {
    var session = service.createSession();
    var accept = Accepts.question(session.id(), "What do axolotls eat?", "a-key");

    var turn = ((Accept.Result.Accepted) service.accept(accept)).assignment().turn();
    assertThat(value("chat_idempotent_total", "result=\"new\"")).isEqualTo(1);
    assertThat(value("chat_turn_commit_seconds_count", "kind=\"user\"")).isEqualTo(1);
    assertThat(value("chat_turn_commit_seconds_count", "kind=\"assistant\"")).isZero();

    service.accept(accept);
    assertThat(value("chat_idempotent_total", "result=\"attached\"")).isEqualTo(1);

    service.finish(turn.id(), Answers.completed(1, 1, "Worms."));
    assertThat(value("chat_turn_commit_seconds_count", "kind=\"assistant\"")).isEqualTo(1);
    assertThat(value("chat_turn_commit_seconds_count", "kind=\"partial\"")).isZero();

    service.accept(accept);
    assertThat(value("chat_idempotent_total", "result=\"replayed\"")).isEqualTo(1);

    service.accept(Accepts.question(session.id(), "Another question", "a-key"));
    assertThat(value("chat_idempotent_total", "result=\"conflict\"")).isEqualTo(1);

    assertThat(service.metrics().scrape()).doesNotContain("axolotl").doesNotContain("Worms");
  }

  private static double value(String name, String label) {
    return service
        .metrics()
        .scrape()
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> Stream.of(label).allMatch(line::contains))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }
}
