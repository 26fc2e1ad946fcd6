package dev.penstock.contracts.turn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** T-8, T-23, T-31. */
class BasesTest {
  private static final Bases TAKEN_OVER_TWICE = new Bases(List.of(0, 7, 9));
  private static final Bases STARTED_OVER = new Bases(List.of(0, 7, 0));

  @Test
  void areUnknownWhileAClaimHasNoBaseYet() {
    assertThat(Bases.known(Arrays.asList(0, null))).isEmpty();
    assertThat(Bases.known(List.of(0, 7, 9))).contains(TAKEN_OVER_TWICE);
  }

  @Test
  void anAttemptCountsUpToTheLowestLaterBase() {
    assertThat(TAKEN_OVER_TWICE.limit(1)).isEqualTo(7);
    assertThat(TAKEN_OVER_TWICE.limit(2)).isEqualTo(9);
    assertThat(TAKEN_OVER_TWICE.limit(3)).isEqualTo(Integer.MAX_VALUE);
    assertThat(STARTED_OVER.limit(1)).isZero();
  }

  @Test
  void nameTheAttemptAnEventWasStoredWith() {
    assertThat(List.of(0, 1, 7, 8, 9, 10, 99))
        .extracting(TAKEN_OVER_TWICE::attemptOf)
        .containsExactly(1, 1, 1, 2, 2, 3, 3);
    assertThat(List.of(0, 1, 8)).extracting(STARTED_OVER::attemptOf).containsExactly(1, 3, 3);
  }

  @Test
  void nameASnapshotAfterItsLastDelta() {
    var turn = TurnStory.TURN;

    assertThat(TAKEN_OVER_TWICE.snapshotId(turn, 8)).isEqualTo(new Position(turn, 2, 8));
    assertThat(STARTED_OVER.snapshotId(turn, 0)).isEqualTo(new Position(turn, 3, 0));
  }

  @Test
  void growByAnAttempt() {
    assertThat(Bases.FIRST.with(7).with(9)).isEqualTo(TAKEN_OVER_TWICE);
    assertThat(TAKEN_OVER_TWICE.attempt()).isEqualTo(3);
    assertThat(TAKEN_OVER_TWICE.of(2)).isEqualTo(7);
  }

  @Test
  void beginWithZeroAndAreNeverNegative() {
    for (var impossible : List.of(List.<Integer>of(), List.of(1), List.of(0, -1))) {
      assertThatThrownBy(() -> new Bases(impossible)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
