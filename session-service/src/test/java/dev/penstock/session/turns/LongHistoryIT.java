package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.session.Accept;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** T-3 against the database: the cut is kept, so that the beginning stays for many turns. */
class LongHistoryIT {
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
  void aLongConversationIsCutInStepsOfAQuarter() {
    var session = service.createSession();
    var answer = "y".repeat(60_000);
    var beginnings = new ArrayList<String>();
    for (var i = 0; i < 40; i++) {
      var result = service.accept(Accepts.question(session.id(), "Question " + i));
      var assignment = ((Accept.Result.Accepted) result).assignment();
      var bytes = assignment.history().stream().mapToLong(message -> message.text().length()).sum();
      assertThat(bytes).isLessThanOrEqualTo(1 << 20);
      assertThat(assignment.history().getLast().text()).isEqualTo("Question " + i);
      beginnings.add(assignment.history().getFirst().text());
      service.finish(assignment.turn().id(), Answers.completed(1, 1, answer));
    }

    assertThat(beginnings.getLast()).isNotEqualTo("Question 0");
    assertThat(new HashSet<>(beginnings)).hasSizeLessThanOrEqualTo(7);
  }
}
