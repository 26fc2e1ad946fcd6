package dev.penstock.contracts.turn;

import java.util.Optional;
import java.util.UUID;

/**
 * A reader's place in a turn; on the wire {@code {turn}.{attempt}.{seq}} (sse.md SSE-15).
 *
 * @param attempt at least 1
 * @param seq at least 0, the last event the reader has
 */
public record Position(UUID turn, long attempt, long seq) {

  /**
   * Reads the wire form.
   *
   * @return empty if it is malformed: another shape, an upper-case or non-canonical UUID, numbers
   *     with sign or leading zeros or beyond signed 64 bits
   */
  public static Optional<Position> parse(String text) {
    if (text.length() < 40 || text.length() > 76 || text.charAt(36) != '.') {
      return Optional.empty();
    }
    var dot = text.indexOf('.', 37);
    if (dot < 0) {
      return Optional.empty();
    }
    var id = text.substring(0, 36);
    try {
      var turn = UUID.fromString(id);
      var attempt = number(text.substring(37, dot));
      var seq = number(text.substring(dot + 1));
      return turn.toString().equals(id) && attempt >= 1 && seq >= 0
          ? Optional.of(new Position(turn, attempt, seq))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static long number(String digits) {
    if (digits.isEmpty() || (digits.length() > 1 && digits.charAt(0) == '0')) {
      return -1;
    }
    for (var i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
        return -1;
      }
    }
    return Long.parseLong(digits);
  }

  /** The wire form. */
  @Override
  public String toString() {
    return turn + "." + attempt + "." + seq;
  }
}
