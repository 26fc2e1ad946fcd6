package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Position;
import dev.penstock.contracts.turn.Resume;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A turn read through the token log, under attempts that come and go (T-11, T-12, T-23, T-28). */
final class FollowedTurnTest {
  private final UUID id = UUID.randomUUID();
  private final FollowedTurn followed = new FollowedTurn(Caller.SINGLE_TENANT, turn());

  private static Turn turn() {
    var accept =
        new Accept(
            UUID.randomUUID(),
            new Accept.Place.InSession(UUID.randomUUID()),
            List.of(MessageDraft.of(new ChatMessage(Role.USER, "Hi"))),
            null,
            null,
            GenerationOptions.NONE,
            null,
            AnswerForm.PLAIN,
            null,
            new Accept.Terms(OnDisconnect.CONTINUE, 0, Accept.OnBusy.REJECT, 1000),
            List.of(),
            "sim",
            Map.of(),
            "key",
            "hash");
    return new StoredTurn(UUID.randomUUID(), Caller.SINGLE_TENANT, accept, null).turn(true);
  }

  private Poll.Progress progress(int lastSeq, List<@Nullable Integer> bases, LogRow... rows) {
    return new Poll.Progress(
        id,
        bases.size(),
        bases,
        TurnState.STREAMING,
        lastSeq,
        true,
        false,
        null,
        new ArrayList<>(List.of(rows)));
  }

  private LogRow deltas(int attempt, int from, String... texts) {
    var to = from + texts.length - 1;
    return new LogRow(id, attempt, from, to, LogRow.Kind.DELTAS, Wire.text(texts));
  }

  private LogRow terminal(int attempt, int seq) {
    var event = new TerminalEvent.Interrupted(null, new Usage(0, 0, true));
    return new LogRow(id, attempt, seq, seq, LogRow.Kind.TERMINAL, Wire.text(event));
  }

  private Edition edition() {
    return Objects.requireNonNull(followed.feed().edition());
  }

  private String text() {
    return edition().transcript().string();
  }

  private Resume resume(int attempt, int seq) {
    return edition().decide(new Position(id, attempt, seq), edition().transcript().last());
  }

  @Test
  void isReadyOnceItHasAllTheLogHas() {
    assertThat(followed.apply(progress(3, List.of(0), deltas(1, 1, "a", "b")))).isTrue();
    assertThat(followed.feed().edition()).isNull();

    assertThat(followed.apply(progress(3, List.of(0), deltas(1, 3, "c")))).isFalse();

    assertThat(text()).isEqualTo("abc");
    assertThat(followed.cursor()).isEqualTo(new Poll.Cursor(followed.turn().id(), 1, 3));
  }

  @Test
  void isReadyAtOnceWhereThereIsNothingYet() {
    followed.apply(progress(0, List.of(0)));

    assertThat(text()).isEmpty();
  }

  @Test
  void appliesARowThatOverlapsFromWhereItIsNewAndNoneBehindAHole() {
    followed.apply(progress(2, List.of(0), deltas(1, 1, "a", "b")));

    followed.apply(progress(4, List.of(0), deltas(1, 1, "a", "b", "c", "d")));
    assertThat(text()).isEqualTo("abcd");
    followed.apply(progress(7, List.of(0), deltas(1, 6, "f", "g")));
    assertThat(text()).isEqualTo("abcd");
  }

  @Test
  void deliversNothingWhileABaseIsUnknown() {
    followed.apply(progress(1, List.of(0), deltas(1, 1, "a")));

    followed.apply(progress(9, Arrays.asList(0, null)));

    assertThat(text()).isEqualTo("a");
    assertThat(edition().attempt()).isEqualTo(1);
  }

  @Test
  void takesBackWhatANewAttemptDoesNotBuildOn() {
    followed.apply(progress(3, List.of(0), deltas(1, 1, "a", "b", "c")));
    var before = edition();

    followed.apply(progress(4, List.of(0, 2), deltas(2, 3, "X", "Y")));

    assertThat(text()).isEqualTo("abXY");
    assertThat(before.transcript().string()).isEqualTo("abc");
    assertThat(resume(1, 2)).isEqualTo(new Resume.After(2));
    assertThat(resume(1, 3)).isEqualTo(new Resume.Snapshot(Resume.Snapshot.Reason.NEW_ATTEMPT));
    assertThat(resume(2, 3)).isEqualTo(new Resume.After(3));
    assertThat(followed.cursor().attempt()).isEqualTo(2);
  }

  @Test
  void goesOnWhereANewAttemptBuildsOnAllOfIt() {
    followed.apply(progress(2, List.of(0), deltas(1, 1, "a", "b")));

    followed.apply(progress(3, List.of(0, 2), deltas(2, 3, "c")));

    assertThat(text()).isEqualTo("abc");
    assertThat(resume(1, 2)).isEqualTo(new Resume.After(2));
  }

  @Test
  void startsOverWhereTheBaseIsZero() {
    followed.apply(progress(2, List.of(0), deltas(1, 1, "a", "b")));

    followed.apply(progress(1, List.of(0, 0), deltas(2, 1, "Z")));

    assertThat(text()).isEqualTo("Z");
    assertThat(resume(1, 0)).isEqualTo(new Resume.After(0));
    assertThat(resume(1, 1)).isInstanceOf(Resume.Snapshot.class);
  }

  @Test
  void skipsOverAttemptsItNeverSaw() {
    followed.apply(progress(4, List.of(0), deltas(1, 1, "a", "b", "c", "d")));

    followed.apply(progress(3, List.of(0, 3, 1), deltas(3, 2, "Q", "R")));

    assertThat(text()).isEqualTo("aQR");
    assertThat(resume(2, 3)).isInstanceOf(Resume.Snapshot.class);
    assertThat(resume(1, 1)).isEqualTo(new Resume.After(1));
  }

  /** A position that counts, of text that has not been read again yet. */
  @Test
  void waitsForTextItHasNotReadYet() {
    followed.apply(progress(3, List.of(0), deltas(1, 1, "a", "b", "c")));

    followed.apply(progress(5, List.of(0, 4)));

    assertThat(resume(1, 4)).isEqualTo(new Resume.Await(4));
    followed.apply(progress(5, List.of(0, 4), deltas(1, 4, "d"), deltas(2, 5, "e")));
    assertThat(resume(1, 4)).isEqualTo(new Resume.After(4));
    assertThat(text()).isEqualTo("abcde");
  }

  /** T-11: done when it has the terminal row, never because of a state. */
  @Test
  void endsWithTheTerminalRowAlone() {
    followed.apply(progress(2, List.of(0), deltas(1, 1, "a")));
    assertThat(followed.isEnded()).isFalse();

    followed.apply(progress(2, List.of(0), terminal(1, 2)));

    assertThat(followed.isEnded()).isTrue();
    assertThat(resume(1, 2)).isEqualTo(new Resume.Nothing());
    assertThat(resume(1, 1)).isEqualTo(new Resume.After(1));
  }

  @Test
  void tellsThatNobodyWillReachAPosition() {
    followed.apply(progress(1, List.of(0), deltas(1, 1, "a")));
    assertThat(resume(1, 5)).isEqualTo(new Resume.Await(5));

    followed.apply(
        new Poll.Progress(
            id, 1, List.of(0), TurnState.STREAMING, 1, false, false, null, List.of()));

    assertThat(resume(1, 5)).isEqualTo(new Resume.Snapshot(Resume.Snapshot.Reason.REWIND));
  }
}
