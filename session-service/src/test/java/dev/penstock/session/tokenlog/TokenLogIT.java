package dev.penstock.session.tokenlog;

import static dev.penstock.session.Answers.completed;
import static dev.penstock.session.Answers.deltas;
import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.session.Accepts;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Flushes and polls (turns.md T-8, T-10 to T-12, T-23, T-29). */
class TokenLogIT {
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

  /** T-10. */
  @Test
  void aFlushSentTwiceIsStoredOnce() {
    var turn = ask("Twice");

    service.flush(deltas(turn.id(), 1, 1, "a", "b"));
    var again = service.flush(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 1, 3, "c"));

    assertThat(again.status()).isEqualTo(204);
    assertThat(service.poll(turn.id(), 1, 0).rows())
        .containsExactly(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 1, 3, "c"));
  }

  /** T-10: one flush carries all turns of an instance, and the queue places that changed. */
  @Test
  void theFirstRowOfATurnMakesItStreamAndEndsItsWait() {
    var waiting = ask("Wait");
    var running = ask("Run");
    var place = new QueuePlace(QueueReason.SLOTS, 3, 4200);

    flush(List.of(), place(waiting, 1, place), place(running, 1, place));
    var both = poll(waiting, running);
    flush(
        List.of(deltas(running.id(), 1, 1, "Go")),
        place(waiting, 1, new QueuePlace(QueueReason.LOADING, 1, 100)));
    var one = poll(waiting, running);

    assertThat(both).extracting(Poll.Progress::queue).containsExactly(place, place);
    assertThat(both).extracting(Poll.Progress::state).containsOnly(TurnState.ACCEPTED);
    assertThat(one.getFirst().queue()).isEqualTo(new QueuePlace(QueueReason.LOADING, 1, 100));
    assertThat(one.getLast().queue()).isNull();
    assertThat(one.getLast().state()).isEqualTo(TurnState.STREAMING);
    assertThat(service.turn(waiting.id()).queue())
        .isEqualTo(new QueuePlace(QueueReason.LOADING, 1, 100));
    flush(List.of(), place(waiting, 1, null));
    assertThat(poll(waiting).getFirst().queue()).isNull();
  }

  /** T-12: late rows disturb neither an ended turn nor a newer attempt. */
  @Test
  void aLateFlushDisturbsNothing() {
    var ended = ask("Ended");
    service.finish(ended.id(), completed(1, 2, "x", deltas(ended.id(), 1, 1, "x")));
    var claimed = ask("Claimed");
    claim(claimed, "{0,NULL}");

    var late =
        service.send(
            "POST",
            "/log",
            new Flush(
                Accepts.GATEWAY,
                List.of(
                    deltas(ended.id(), 1, 1, "x"),
                    deltas(claimed.id(), 1, 1, "y"),
                    deltas(UUID.randomUUID(), 1, 1, "nobody's"),
                    deltas(new UUID(0x0190_0000_0000_7000L, 1), 1, 1, "of 2024")),
                List.of(
                    new Flush.Place(claimed.id(), 1, new QueuePlace(QueueReason.SLOTS, 1, 1)))));

    assertThat(late.status()).isEqualTo(204);
    assertThat(service.turn(ended.id()).state()).isEqualTo(TurnState.COMPLETED);
    assertThat(service.turn(claimed.id()).state()).isEqualTo(TurnState.ACCEPTED);
    assertThat(service.turn(claimed.id()).queue()).isNull();
  }

  /** T-30: whoever claims a turn later builds on what was stored in the attempt that was seen. */
  @Test
  void aFlushConfirmsTheTurnsThatNobodyHasClaimed() {
    var ours = ask("Ours");
    var claimed = ask("Claimed");
    claim(claimed, "{0,NULL}");
    var rows = List.of(deltas(ours.id(), 1, 1, "a"), deltas(claimed.id(), 1, 1, "b"));
    var asked =
        List.of(
            new Flush.Confirm(ours.id(), 1),
            new Flush.Confirm(claimed.id(), 1),
            new Flush.Confirm(UUID.randomUUID(), 1));

    var answer = service.send("POST", "/log", new Flush(Accepts.GATEWAY, rows, List.of(), asked));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.as(Flush.Confirmed.class).confirmed()).containsExactly(ours.id());
    assertThat(service.poll(ours.id(), 1, 0).rows()).hasSize(1);
    claim(ours, "{0,1}");
    assertThat(service.poll(ours.id(), 1, 0).rows()).hasSize(1);
  }

  /** T-10. */
  @Test
  void rowsWithoutBoundsInOrderAreRefused() {
    var turn = ask("Bounds");

    for (var row :
        List.of(
            new LogRow(turn.id(), 1, 2, 1, LogRow.Kind.DELTAS, "[]"),
            new LogRow(turn.id(), 1, 0, 0, LogRow.Kind.DELTAS, "[]"),
            new LogRow(turn.id(), 0, 1, 1, LogRow.Kind.DELTAS, "[]"))) {
      assertThat(service.flush(row).status()).isEqualTo(400);
    }
    assertThat(service.poll(turn.id(), 1, 0).rows()).isEmpty();
  }

  /** T-11: a cursor inside a row gets that row, and cuts in it itself. */
  @Test
  void aPollBringsTheRowsThatReachBeyondTheCursor() {
    var turn = ask("Cursor");
    service.flush(deltas(turn.id(), 1, 1, "a", "b", "c"), deltas(turn.id(), 1, 4, "d"));

    assertThat(service.poll(turn.id(), 1, 2).rows()).hasSize(2);
    assertThat(service.poll(turn.id(), 1, 3).rows()).containsExactly(deltas(turn.id(), 1, 4, "d"));
    assertThat(service.poll(turn.id(), 1, 4).rows()).isEmpty();
    assertThat(service.poll(turn.id(), 1, 9).lastSeq()).isEqualTo(4);
  }

  /** T-23: between claim and base nothing is delivered, however much is stored. */
  @Test
  void aPollDeliversNothingWhileABaseIsUnknown() {
    var turn = ask("Claimed");
    service.flush(deltas(turn.id(), 1, 1, "shown"));
    var before = service.poll(turn.id(), 1, 0);
    claim(turn, "{0,NULL}");
    service.flush(deltas(turn.id(), 1, 2, " too late"));
    var between = service.poll(turn.id(), 1, 1);
    var fromStart = service.poll(turn.id(), 1, 0);
    claim(turn, "{0,1}");
    var after = service.poll(turn.id(), 1, 1);

    assertThat(before.rows()).hasSize(1);
    assertThat(between.attempt()).isEqualTo(2);
    assertThat(between.bases()).containsExactly(0, null);
    assertThat(between.rows()).isEmpty();
    assertThat(fromStart.rows()).isEmpty();
    assertThat(after.bases()).containsExactly(0, 1);
    assertThat(after.rows()).as("the old owner's late row lies beyond the base").isEmpty();
  }

  /** T-12, T-25: an attempt that starts over leaves nothing of the earlier ones. */
  @Test
  void aFollowerIsSentBackToTheBaseOfALaterAttempt() {
    var turn = ask("Again");
    service.flush(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 1, 3, "c"));
    claim(turn, "{0,2}");
    service.flush(deltas(turn.id(), 2, 3, "C", "D"));
    var second = service.poll(turn.id(), 1, 3);
    database.run("UPDATE turn SET attempt = 3, bases = '{0,2,0}' WHERE id = '" + turn.id() + "'");
    service.flush(deltas(turn.id(), 3, 1, "x"));
    var third = service.poll(turn.id(), 2, 4);

    assertThat(second.rows()).containsExactly(deltas(turn.id(), 2, 3, "C", "D"));
    assertThat(third.rows()).containsExactly(deltas(turn.id(), 3, 1, "x"));
    assertThat(service.poll(turn.id(), 1, 0).rows()).containsExactly(deltas(turn.id(), 3, 1, "x"));
  }

  /** T-12: a follower that begins anew gets the rows of all attempts, each up to the next base. */
  @Test
  void aFollowerThatBeginsGetsWhatCountsOfEveryAttempt() {
    var turn = ask("Whole");
    service.flush(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 1, 3, "lost"));
    claim(turn, "{0,2}");
    service.flush(deltas(turn.id(), 2, 3, "c"));

    var expected = List.of(deltas(turn.id(), 1, 1, "a", "b"), deltas(turn.id(), 2, 3, "c"));
    assertThat(service.poll(turn.id(), 1, 0).rows()).isEqualTo(expected);
    assertThat(service.poll(turn.id(), 2, 0).rows()).isEqualTo(expected);
  }

  /** T-29: pages are bounded; the next poll brings the rest, without gap or repeat. */
  @Test
  void aLongTurnComesInPages() {
    var turn = ask("Long");
    var rows = new ArrayList<LogRow>();
    for (var seq = 1; seq <= 600; seq++) {
      rows.add(deltas(turn.id(), 1, seq, "word" + seq + " ".repeat(1_500)));
    }
    service.flush(rows.toArray(LogRow[]::new));

    var read = new ArrayList<LogRow>();
    var pages = 0;
    while (read.size() < rows.size()) {
      var page = service.poll(turn.id(), 1, read.isEmpty() ? 0 : read.getLast().seqTo()).rows();
      assertThat(page).isNotEmpty().hasSizeLessThanOrEqualTo(256);
      read.addAll(page);
      pages++;
    }
    assertThat(read).isEqualTo(rows);
    assertThat(pages).isGreaterThan(3);
  }

  /** T-29: however much many turns have, one answer stays bounded and names every turn. */
  @Test
  void manyLongTurnsShareABoundedPage() {
    var turns = new ArrayList<Turn>();
    for (var i = 0; i < 24; i++) {
      var turn = ask("Many " + i);
      service.flush(deltas(turn.id(), 1, 1, "x".repeat(200_000)), deltas(turn.id(), 1, 2, "end"));
      turns.add(turn);
    }

    var progress = poll(turns.toArray(Turn[]::new));

    assertThat(progress).hasSize(24);
    var bytes =
        progress.stream()
            .flatMap(turn -> turn.rows().stream())
            .mapToLong(row -> row.data().length())
            .sum();
    assertThat(bytes).isBetween(3_000_000L, 4_500_000L);
    assertThat(progress.getFirst().rows()).hasSize(2);
    assertThat(progress.getLast().rows()).isEmpty();
    assertThat(progress.getLast().lastSeq()).isEqualTo(2);
  }

  /** T-7: when the partition is gone the follower is told, and the message has the text. */
  @Test
  void tellsWhenTheLogIsGone() {
    var turn = ask("Gone");
    service.finish(turn.id(), completed(1, 2, "x", deltas(turn.id(), 1, 1, "x")));
    var before = service.poll(turn.id(), 1, 0);
    database.run("DELETE FROM token_log WHERE turn_id = '" + turn.id() + "'");
    var after = service.poll(turn.id(), 1, 0);

    assertThat(before.logDropped()).isFalse();
    assertThat(after.logDropped()).isTrue();
    assertThat(after.lastSeq()).isEqualTo(2);
    assertThat(service.output(turn.id()).text()).isEqualTo("x");
  }

  @Test
  void turnsThatDoNotExistAreAbsent() {
    var poll = new Poll(List.of(new Poll.Cursor(UUID.randomUUID(), 1, 0)));

    assertThat(service.send("POST", "/log/poll", poll).as(Poll.Result.class).turns()).isEmpty();
  }

  private static Turn ask(String text) {
    return service.ask(service.createSession().id(), text);
  }

  private static void claim(Turn turn, String bases) {
    database.run(
        "UPDATE turn SET attempt = 2, bases = '" + bases + "' WHERE id = '" + turn.id() + "'");
  }

  private static void flush(List<LogRow> rows, Flush.Place... places) {
    var answer = service.send("POST", "/log", new Flush(Accepts.GATEWAY, rows, List.of(places)));
    assertThat(answer.status()).isEqualTo(204);
  }

  private static Flush.Place place(Turn turn, int attempt, @Nullable QueuePlace place) {
    return new Flush.Place(turn.id(), attempt, place);
  }

  private static List<Poll.Progress> poll(Turn... turns) {
    var cursors = new ArrayList<Poll.Cursor>();
    for (var turn : turns) {
      cursors.add(new Poll.Cursor(turn.id(), 1, 0));
    }
    return service.send("POST", "/log/poll", new Poll(cursors)).as(Poll.Result.class).turns();
  }
}
