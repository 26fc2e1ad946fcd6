package dev.penstock.local.keys;

import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A name that every header and log line can carry. */
final class PlainName implements ITypeConverter<String> {
  private static final Pattern FORM = Pattern.compile("[\\p{Alnum}][\\p{Alnum}._@-]{0,127}");

  @Override
  public String convert(String text) {
    if (!FORM.matcher(text).matches()) {
      throw new TypeConversionException(
          "letters, digits, dots, dashes, underscores and @ are expected, at most 128");
    }
    return text;
  }
}
