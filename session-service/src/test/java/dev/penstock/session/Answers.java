package dev.penstock.session;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;

/** What an owner sends of an answer. */
public final class Answers {
  public static final Usage USAGE = new Usage(14, 5, false);
  public static final Timings TIMINGS = new Timings(0L, 0L, 31L, 38L, 122L);

  private Answers() {}

  /** Deltas from {@code from} on, one seq each. */
  public static LogRow deltas(UUID turn, int attempt, int from, String... texts) {
    return new LogRow(
        turn, attempt, from, from + texts.length - 1, LogRow.Kind.DELTAS, Wire.text(texts));
  }

  public static Finish completed(int attempt, int terminalSeq, String text, LogRow... rows) {
    return finish(
        attempt,
        terminalSeq,
        text,
        new TurnOutcome.Completed(FinishReason.STOP, USAGE, TIMINGS),
        rows);
  }

  /** The proxy refused before anything streamed. */
  public static Finish refused(int attempt) {
    return finish(
        attempt,
        1,
        "",
        new TurnOutcome.Failed(
            Failure.retryAfter(FailureCode.QUEUE_FULL, "Every slot is busy.", 2000), null, null));
  }

  public static Finish finish(
      int attempt, int terminalSeq, String text, TurnOutcome outcome, LogRow... rows) {
    return new Finish(
        Accepts.GATEWAY, attempt, List.of(rows), terminalSeq, outcome, text, sha256(text));
  }

  public static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
