package dev.penstock.simulator.answer;

import java.util.List;

/**
 * Ends a text before the first of several stop strings. What may be the beginning of one is held
 * back until the next token tells, so a piece that comes out can hold several tokens or none.
 */
public final class StopStrings {
  private final List<String> stops;
  private final StringBuilder held = new StringBuilder();
  private boolean reached;

  /** Without any, every token passes as it is. */
  public StopStrings(List<String> stops) {
    this.stops = stops;
  }

  /** The text that is certain after this token; nothing once a stop string was reached. */
  public String accept(String token) {
    if (stops.isEmpty()) {
      return token;
    }
    held.append(token);
    var end = -1;
    for (var stop : stops) {
      var at = held.indexOf(stop);
      if (at >= 0 && (end < 0 || at < end)) {
        end = at;
      }
    }
    reached = end >= 0;
    return take(reached ? end : held.length() - possibleBeginning());
  }

  /** Whether the text has ended. */
  public boolean reached() {
    return reached;
  }

  /** What was held back, when no more tokens come. */
  public String rest() {
    return reached ? "" : take(held.length());
  }

  private String take(int length) {
    var text = held.substring(0, length);
    held.delete(0, length);
    return text;
  }

  /** The longest end of the held text that begins a stop string. */
  private int possibleBeginning() {
    var longest = 0;
    for (var stop : stops) {
      for (var length = Math.min(stop.length() - 1, held.length()); length > longest; length--) {
        if (stop.startsWith(held.substring(held.length() - length))) {
          longest = length;
        }
      }
    }
    return longest;
  }
}
