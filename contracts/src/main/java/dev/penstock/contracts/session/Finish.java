package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Body of {@code POST /turns/{id}/finish} (turns.md T-13 to T-15), and of the refusal at the door
 * (T-18), which is a failed outcome whose code {@code refusesAtTheDoor} and whose text is empty.
 *
 * @param rows deltas not yet flushed, bounds as cut
 * @param terminalSeq seq of the terminal event
 * @param text the whole answer, prefix included; at most 1 MiB of UTF-8
 * @param sha256 of the text's UTF-8, lower-case hex; decides whether a repeated finish is ours
 * @param warnings that came up while it was generated; not written where there is none
 */
public record Finish(
    UUID instance,
    int attempt,
    List<LogRow> rows,
    int terminalSeq,
    TurnOutcome outcome,
    String text,
    String sha256,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Turn.Warning> warnings) {

  public Finish {
    warnings = warnings == null ? List.of() : List.copyOf(warnings);
  }

  /** An end without warnings. */
  public Finish(
      UUID instance,
      int attempt,
      List<LogRow> rows,
      int terminalSeq,
      TurnOutcome outcome,
      String text,
      String sha256) {
    this(instance, attempt, rows, terminalSeq, outcome, text, sha256, List.of());
  }

  /** Answer of finish; {@code type} tells which. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Result.Committed.class, name = "committed"),
    @JsonSubTypes.Type(value = Result.Fenced.class, name = "fenced")
  })
  public sealed interface Result {
    /**
     * The turn is final.
     *
     * @param event what its terminal row holds
     * @param finishedAt as the turn says from now on
     */
    record Committed(TerminalEvent event, Instant finishedAt) implements Result {}

    /** Another attempt owns or ended the turn. */
    record Fenced() implements Result {}
  }
}
