package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** T-11, T-12, T-23. */
class TurnTextTest {
  private static final String TERMINAL = "";

  @Test
  void isTheRowsOfTheOnlyAttempt() {
    var stored = List.of(stretch(1, 1, "a", "b"), stretch(1, 3, "c"), stretch(1, 4, TERMINAL));

    assertThat(TurnText.of(stored, Bases.FIRST)).isEqualTo(new TurnText("abc", 4));
  }

  @Test
  void isEmptyBeforeTheFirstRow() {
    assertThat(TurnText.of(List.of(), Bases.FIRST)).isEqualTo(new TurnText("", 0));
  }

  @Test
  void leavesOutWhatAnOldOwnerStoredBeyondALaterBase() {
    var stored = List.of(stretch(1, 1, "a", "b", "x", "y"), stretch(1, 5, "z"));

    assertThat(TurnText.of(stored, new Bases(List.of(0, 2)))).isEqualTo(new TurnText("ab", 2));
  }

  @Test
  void goesOnUnderTheNextAttempt() {
    var stored = List.of(stretch(2, 3, "c"), stretch(1, 1, "a", "b", "x"), stretch(2, 4, "d"));

    assertThat(TurnText.of(stored, new Bases(List.of(0, 2)))).isEqualTo(new TurnText("abcd", 4));
  }

  @Test
  void forgetsWhatAStartOverThrewAway() {
    var stored = List.of(stretch(1, 1, "a", "b"), stretch(2, 3, "c"), stretch(3, 1, "new"));

    assertThat(TurnText.of(stored, new Bases(List.of(0, 2, 0)))).isEqualTo(new TurnText("new", 1));
  }

  @Test
  void forgetsTheTerminalRowOfARefusedAttempt() {
    var stored = List.of(stretch(1, 1, TERMINAL), stretch(2, 1, "a"), stretch(2, 2, TERMINAL));

    assertThat(TurnText.of(stored, new Bases(List.of(0, 0)))).isEqualTo(new TurnText("a", 2));
  }

  @Test
  void endsAtAHole() {
    var stored = List.of(stretch(1, 1, "a"), stretch(1, 3, "c"));

    assertThat(TurnText.of(stored, Bases.FIRST)).isEqualTo(new TurnText("a", 1));
  }

  @Test
  void doesNotJumpTheHoleBelowABase() {
    var stored = List.of(stretch(1, 1, "a"), stretch(2, 4, "d"));

    assertThat(TurnText.of(stored, new Bases(List.of(0, 3)))).isEqualTo(new TurnText("a", 1));
  }

  @Test
  void countsWhatRowsShareOnce() {
    var stored = List.of(stretch(1, 1, "a", "b"), stretch(1, 2, "b", "c"), stretch(1, 1, "a"));

    assertThat(TurnText.of(stored, Bases.FIRST)).isEqualTo(new TurnText("abc", 3));
  }

  @Test
  void leavesOutAnAttemptWhoseBaseIsNotKnown() {
    var stored = List.of(stretch(1, 1, "a"), stretch(2, 2, "b"));

    assertThat(TurnText.of(stored, Bases.FIRST)).isEqualTo(new TurnText("a", 1));
  }

  @Test
  void aReaderAppliesOnlyWhatFollowsItsPosition() {
    var row = stretch(1, 4, "d", "e", "f");

    assertThat(row.after(2, Bases.FIRST)).isEmpty();
    assertThat(row.after(3, Bases.FIRST)).contains(row);
    assertThat(row.after(4, Bases.FIRST)).contains(stretch(1, 5, "e", "f"));
    assertThat(row.after(6, Bases.FIRST)).isEmpty();
    assertThat(row.after(4, new Bases(List.of(0, 5)))).contains(stretch(1, 5, "e"));
    assertThat(row.after(4, new Bases(List.of(0, 4)))).isEmpty();
    assertThat(stretch(2, 4, "d", "e").after(4, new Bases(List.of(0, 4))))
        .contains(stretch(2, 5, "e"));
  }

  @Test
  void aStretchHoldsSomething() {
    assertThatThrownBy(() -> stretch(1, 1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stretch(1, 0, "a")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> stretch(0, 1, "a")).isInstanceOf(IllegalArgumentException.class);
  }

  private static Stretch stretch(int attempt, int seqFrom, String... texts) {
    return new Stretch(attempt, seqFrom, List.of(texts));
  }
}
