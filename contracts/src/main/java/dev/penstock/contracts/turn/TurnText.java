package dev.penstock.contracts.turn;

import java.util.Comparator;
import java.util.List;

/**
 * The text of a turn as far as it is stored without a hole (turns.md T-12).
 *
 * @param lastSeq the last event in it, 0 for none; the base of an attempt that goes on from here
 *     (T-23)
 */
public record TurnText(String text, int lastSeq) {
  private static final Comparator<Stretch> IN_ORDER =
      Comparator.comparingInt(Stretch::attempt).thenComparingInt(Stretch::seqFrom);

  /**
   * Puts the text together.
   *
   * @param stored everything stored of the turn, in any order; rows may overlap and need not count
   * @param bases of all attempts up to the one the text is wanted of; before a new attempt's base
   *     is known, those of the attempts before it
   */
  public static TurnText of(List<Stretch> stored, Bases bases) {
    var text = new StringBuilder();
    var seq = 0;
    for (var stretch : stored.stream().sorted(IN_ORDER).toList()) {
      var next = stretch.after(seq, bases);
      if (next.isPresent()) {
        next.get().texts().forEach(text::append);
        seq = next.get().seqTo();
      }
    }
    return new TurnText(text.toString(), seq);
  }
}
