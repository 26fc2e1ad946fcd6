package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.turn.Resume.After;
import dev.penstock.contracts.turn.Resume.Await;
import dev.penstock.contracts.turn.Resume.FromStart;
import dev.penstock.contracts.turn.Resume.Nothing;
import dev.penstock.contracts.turn.Resume.Snapshot;
import dev.penstock.contracts.turn.Resume.Snapshot.Reason;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** T-28, and the table of sse.md section 3, row by row. */
class ResumeTest {
  private static final UUID TURN = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final Resume REWIND = new Snapshot(Reason.REWIND);
  private static final Resume NEW_ATTEMPT = new Snapshot(Reason.NEW_ATTEMPT);

  private static final Log LIVE = new Log(List.of(0), 9, false, true);
  private static final Log DEAD = new Log(List.of(0), 9, false, false);
  private static final Log FINISHED = new Log(List.of(0), 9, true, false);
  private static final Log THIRD = new Log(List.of(0, 5, 7), 9, false, true);
  private static final Log LOWER_BASE = new Log(List.of(0, 5, 3), 9, false, true);
  private static final Log STARTED_OVER = new Log(List.of(0, 5, 0), 9, false, true);
  private static final Log CLAIMED = new Log(List.of(0, 5), 5, false, true);
  private static final Log CLOSED_BY_ANOTHER = new Log(List.of(0, 5), 6, true, false);

  record Log(List<Integer> bases, int lastSeq, boolean terminal, boolean ownerAlive) {
    Resume decide(long attempt, long seq) {
      return Resume.decide(
          new Position(TURN, attempt, seq), bases.size(), bases, lastSeq, terminal, ownerAlive);
    }
  }

  static Stream<Arguments> table() {
    return Stream.of(
        // current attempt, seq ≤ last stored
        Arguments.of(LIVE, 1, 0, new After(0)),
        Arguments.of(LIVE, 1, 9, new After(9)),
        Arguments.of(DEAD, 1, 9, new After(9)),
        Arguments.of(FINISHED, 1, 8, new After(8)),
        Arguments.of(THIRD, 3, 8, new After(8)),
        // current attempt, seq > last stored, owner alive
        Arguments.of(LIVE, 1, 10, new Await(10)),
        Arguments.of(LIVE, 1, Integer.MAX_VALUE, new Await(Integer.MAX_VALUE)),
        Arguments.of(CLAIMED, 2, 6, new Await(6)),
        // current attempt, seq > last stored, owner gone or turn finished
        Arguments.of(DEAD, 1, 10, REWIND),
        Arguments.of(FINISHED, 1, 10, REWIND),
        // earlier attempt, seq ≤ every base after it
        Arguments.of(THIRD, 1, 5, new After(5)),
        Arguments.of(THIRD, 2, 7, new After(7)),
        Arguments.of(THIRD, 1, 0, new After(0)),
        Arguments.of(LOWER_BASE, 1, 3, new After(3)),
        Arguments.of(LOWER_BASE, 2, 3, new After(3)),
        Arguments.of(STARTED_OVER, 1, 0, new After(0)),
        Arguments.of(CLAIMED, 1, 5, new After(5)),
        Arguments.of(CLOSED_BY_ANOTHER, 1, 5, new After(5)),
        // any other well-formed position
        Arguments.of(THIRD, 1, 6, NEW_ATTEMPT),
        Arguments.of(THIRD, 2, 8, NEW_ATTEMPT),
        Arguments.of(LOWER_BASE, 1, 4, NEW_ATTEMPT),
        Arguments.of(LOWER_BASE, 2, 4, NEW_ATTEMPT),
        Arguments.of(STARTED_OVER, 1, 1, NEW_ATTEMPT),
        Arguments.of(STARTED_OVER, 2, 6, NEW_ATTEMPT),
        Arguments.of(CLOSED_BY_ANOTHER, 1, 6, NEW_ATTEMPT),
        Arguments.of(THIRD, 1, Long.MAX_VALUE, NEW_ATTEMPT),
        Arguments.of(LIVE, 2, 0, REWIND),
        Arguments.of(LIVE, Long.MAX_VALUE, 3, REWIND),
        Arguments.of(LIVE, (1L << 32) + 1, 3, REWIND),
        Arguments.of(LIVE, 1, Integer.MAX_VALUE + 1L, REWIND),
        Arguments.of(LIVE, 1, (1L << 32) + 3, REWIND),
        // exactly the terminal event
        Arguments.of(FINISHED, 1, 9, new Nothing()),
        Arguments.of(CLOSED_BY_ANOTHER, 2, 6, new Nothing()));
  }

  @ParameterizedTest
  @MethodSource("table")
  void decidesAsTheTableSays(Log log, long attempt, long seq, Resume resume) {
    assertThat(log.decide(attempt, seq)).isEqualTo(resume);
  }

  @Test
  void sendsEverythingToAReaderWithoutPosition() {
    for (var log : List.of(LIVE, DEAD, FINISHED, THIRD)) {
      assertThat(
              Resume.decide(
                  null,
                  log.bases().size(),
                  log.bases(),
                  log.lastSeq(),
                  log.terminal(),
                  log.ownerAlive()))
          .isEqualTo(new FromStart());
    }
  }

  @Test
  void sendsTheTextAsOneSnapshotOnceTheLogIsDropped() {
    assertThat(new FromStart().withoutLog()).isEqualTo(REWIND);
    assertThat(FINISHED.decide(1, 3).withoutLog()).isEqualTo(REWIND);
    assertThat(FINISHED.decide(1, 9).withoutLog()).isEqualTo(new Nothing());
  }
}
