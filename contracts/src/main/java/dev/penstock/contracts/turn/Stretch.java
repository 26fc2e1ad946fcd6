package dev.penstock.contracts.turn;

import java.util.List;
import java.util.Optional;

/**
 * Consecutive stored events of one attempt, such as a row of the token log.
 *
 * @param seqFrom number of the first event, at least 1
 * @param texts the text each event adds, in order and never empty; the empty string for a terminal
 *     event
 */
public record Stretch(int attempt, int seqFrom, List<String> texts) {
  /** Copies, and refuses a stretch that holds nothing. */
  public Stretch {
    texts = List.copyOf(texts);
    if (attempt < 1 || seqFrom < 1 || texts.isEmpty()) {
      throw new IllegalArgumentException(
          "no stretch: attempt %d, %d texts from seq %d".formatted(attempt, texts.size(), seqFrom));
    }
  }

  /** Number of the last event. */
  public int seqTo() {
    return seqFrom + texts.size() - 1;
  }

  /**
   * The part a reader of the log applies next (T-11, T-12): what follows {@code seq}, up to where a
   * later attempt parts from this one.
   *
   * @param seq the last event the reader has; 0 for none
   * @return empty if there is a hole before this stretch, or if nothing of it counts or is new
   */
  public Optional<Stretch> after(int seq, Bases bases) {
    if (attempt > bases.attempt() || seqFrom > seq + 1) {
      return Optional.empty();
    }
    var from = Math.max(seq, bases.of(attempt)) + 1;
    var to = Math.min(seqTo(), bases.limit(attempt));
    return from == seq + 1 && from <= to
        ? Optional.of(new Stretch(attempt, from, texts.subList(from - seqFrom, to - seqFrom + 1)))
        : Optional.empty();
  }
}
