package dev.penstock.local.keys;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A time to come: {@code 90d} or {@code 12h} from now, or an instant. */
final class End implements ITypeConverter<Instant> {
  private static final Pattern FROM_NOW = Pattern.compile("[1-9]\\d{0,4}[dh]");

  @Override
  public Instant convert(String text) {
    try {
      var end = FROM_NOW.matcher(text).matches() ? fromNow(text) : Instant.parse(text);
      if (end.isAfter(Instant.now())) {
        return end;
      }
    } catch (DateTimeParseException e) {
      // falls through to the same sentence
    }
    throw new TypeConversionException(
        "a time to come is expected, such as 90d, 12h or 2027-01-31T00:00:00Z");
  }

  private static Instant fromNow(String text) {
    var iso = text.endsWith("d") ? "P" + text : "PT" + text;
    return Instant.now().plus(Duration.parse(iso.toUpperCase(Locale.ROOT)));
  }
}
