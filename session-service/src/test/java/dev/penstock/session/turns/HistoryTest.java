package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What goes to the model (turns.md T-3, T-17). */
class HistoryTest {
  private static final int KIB = 1024;

  /** T-17. */
  @Test
  void aTurnWithoutAnAnswerGivesNothing() {
    var entries =
        List.of(
            user(1, "unanswered"),
            user(3, "asked"),
            answer(4, "answered"),
            user(5, "answered with nothing"),
            answer(6, ""),
            user(7, "new"));

    var history = History.of(entries, 7, 3);

    assertThat(history.messages())
        .containsExactly(
            new ChatMessage(Role.USER, "asked"), new ChatMessage(Role.ASSISTANT, "answered"));
    assertThat(history.bytes()).isEqualTo("askedanswered".length() + 3);
    assertThat(history.from()).isEqualTo(1);
  }

  @Test
  void whatFollowsTheQuestionDoesNotGoWithIt() {
    var entries = List.of(user(1, "a"), answer(2, "b"), user(3, "c"), answer(4, "replaced"));

    assertThat(History.of(entries, 3, 0).messages()).hasSize(2);
  }

  /** T-3. */
  @Test
  void isCutAtTurnBordersUntilAQuarterIsFree() {
    var entries = new ArrayList<History.Entry>();
    for (var turn = 0; turn < 22; turn++) {
      entries.add(sized(1 + 2 * turn, Role.USER, 8 * KIB));
      entries.add(sized(2 + 2 * turn, Role.ASSISTANT, 40 * KIB));
    }

    var history = History.of(entries, 45, KIB);

    assertThat(history.bytes()).isEqualTo((15 * 48 + 1) * KIB);
    assertThat(history.messages()).hasSize(30);
    assertThat(history.from()).isEqualTo(1 + 2 * 7);
  }

  /** T-3: the beginning stays where it is for many turns, so that the prefix cache keeps it. */
  @Test
  void theBeginningMovesInBigStepsOnly() {
    var entries = new ArrayList<History.Entry>();
    var beginnings = new HashSet<Integer>();
    var from = 1;
    for (var turn = 0; turn < 200; turn++) {
      var ordinal = 1 + 2 * turn;
      var stored = from;
      var kept = entries.stream().filter(entry -> entry.ordinal() >= stored).toList();
      var history = History.of(kept, ordinal, 4 * KIB);
      assertThat(history.bytes()).isLessThanOrEqualTo(History.MAX_BYTES);
      from = history.from();
      beginnings.add(from);
      entries.add(sized(ordinal, Role.USER, 4 * KIB));
      entries.add(sized(ordinal + 1, Role.ASSISTANT, 16 * KIB));
    }

    assertThat(beginnings).hasSizeLessThan(14);
  }

  @Test
  void aTurnThatAloneIsTooLongLeavesTheNewQuestion() {
    var entries = List.of(sized(1, Role.USER, 300 * KIB), sized(2, Role.ASSISTANT, 1024 * KIB));

    var history = History.of(entries, 3, 10);

    assertThat(history.messages()).isEmpty();
    assertThat(history.from()).isEqualTo(3);
    assertThat(history.prompt("system", List.of(new ChatMessage(Role.USER, "question")), "partial"))
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "system"),
            new ChatMessage(Role.USER, "question"),
            new ChatMessage(Role.ASSISTANT, "partial"));
  }

  private static History.Entry user(int ordinal, String text) {
    return entry(ordinal, new ChatMessage(Role.USER, text), text.length());
  }

  private static History.Entry answer(int ordinal, String text) {
    return entry(ordinal, new ChatMessage(Role.ASSISTANT, text), text.length());
  }

  private static History.Entry sized(int ordinal, Role role, int bytes) {
    return entry(ordinal, new ChatMessage(role, "x"), bytes);
  }

  /** Of a turn of two messages; its answer has the ordinal behind the question's. */
  private static History.Entry entry(int ordinal, ChatMessage said, int bytes) {
    var answers = said.role() == Role.ASSISTANT;
    var question = new UUID(0, answers ? ordinal - 1 : ordinal);
    return new History.Entry(
        answers ? new UUID(1, ordinal) : question,
        new UUID(2, question.getLeastSignificantBits()),
        answers ? question : null,
        ordinal,
        said,
        bytes);
  }
}
