package dev.penstock.session.http;

import dev.penstock.contracts.failure.FailureException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a page ended, as an opaque text: keys of the last row, never an offset. */
public sealed interface Cursor {
  /** In a list by ordinal. */
  record Ordinal(int ordinal) implements Cursor {}

  /**
   * In the list of sessions by activity.
   *
   * @param micros last activity in microseconds since the epoch
   */
  record Activity(long micros, UUID id) implements Cursor {}

  /** The text for {@code next_cursor}. */
  default String text() {
    var plain =
        switch (this) {
          case Ordinal(var ordinal) -> "o" + ordinal;
          case Activity(var micros, var id) -> "a" + micros + "." + id;
        };
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(plain.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Reads a cursor by ordinal, or gives {@code start} where there is none.
   *
   * @throws FailureException {@code invalid_request} if it is not one of ours
   */
  static int ordinal(@Nullable String text, int start) {
    if (text == null) {
      return start;
    }
    if (parse(text) instanceof Ordinal(var ordinal)) {
      return ordinal;
    }
    throw malformed();
  }

  /**
   * Reads a cursor by activity, or gives {@code start} where there is none.
   *
   * @throws FailureException {@code invalid_request} if it is not one of ours
   */
  static Activity activity(@Nullable String text, Activity start) {
    if (text == null) {
      return start;
    }
    if (parse(text) instanceof Activity activity) {
      return activity;
    }
    throw malformed();
  }

  private static Cursor parse(String text) {
    try {
      var plain = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.US_ASCII);
      if (plain.startsWith("o")) {
        return new Ordinal(Integer.parseInt(plain.substring(1)));
      }
      var dot = plain.indexOf('.');
      if (plain.startsWith("a") && dot > 0) {
        return new Activity(
            Long.parseLong(plain.substring(1, dot)), UUID.fromString(plain.substring(dot + 1)));
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw malformed();
  }

  private static FailureException malformed() {
    return Bodies.invalid("after must be a next_cursor of this list.");
  }
}
