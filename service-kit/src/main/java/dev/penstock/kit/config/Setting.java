package dev.penstock.kit.config;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One environment variable: its name, default, unit, meaning, and how its text becomes a value.
 *
 * <p>A service lists its settings in one place; {@code docs/configuration.md} is held against those
 * lists by a test.
 *
 * @param defaultText the default as it would be typed; null if absence has a meaning of its own
 * @param unit for people, for example {@code ms} or {@code connections}; empty for none
 * @param secret values are never echoed
 */
public record Setting<T>(
    String name,
    @Nullable String defaultText,
    String unit,
    String meaning,
    boolean secret,
    Function<String, T> parser) {

  /** Any text. */
  public static Setting<String> text(String name, @Nullable String defaultText, String meaning) {
    return new Setting<>(name, defaultText, "", meaning, false, Function.identity());
  }

  /** Text that is named in errors but never shown. */
  public static Setting<String> secret(String name, @Nullable String defaultText, String meaning) {
    return new Setting<>(name, defaultText, "", meaning, true, Function.identity());
  }

  /** A whole number between two bounds, both included. */
  public static Setting<Integer> integer(
      String name, int defaultValue, int least, int most, String unit, String meaning) {
    return new Setting<>(
        name,
        Integer.toString(defaultValue),
        unit,
        meaning,
        false,
        text -> {
          var value = parseInteger(text);
          if (value == null || value < least || value > most) {
            throw new IllegalArgumentException("a whole number from " + least + " to " + most);
          }
          return value;
        });
  }

  /** A duration in milliseconds between two bounds, both included. */
  public static Setting<Duration> millis(
      String name, long defaultValue, long least, long most, String meaning) {
    return new Setting<>(
        name,
        Long.toString(defaultValue),
        "ms",
        meaning,
        false,
        text -> {
          try {
            var value = Long.parseLong(text);
            if (value >= least && value <= most) {
              return Duration.ofMillis(value);
            }
          } catch (NumberFormatException e) {
            // falls through to the same sentence
          }
          throw new IllegalArgumentException(
              "a whole number of milliseconds from " + least + " to " + most);
        });
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> flag(String name, boolean defaultValue, String meaning) {
    return new Setting<>(
        name,
        Boolean.toString(defaultValue),
        "",
        meaning,
        false,
        text ->
            switch (text.toLowerCase(Locale.ROOT)) {
              case "true", "1" -> true;
              case "false", "0" -> false;
              default -> throw new IllegalArgumentException("true or false");
            });
  }

  /** One or more {@code http://} or {@code https://} addresses, separated by commas. */
  public static Setting<List<URI>> addresses(
      String name, @Nullable String defaultText, String meaning) {
    return new Setting<>(
        name,
        defaultText,
        "",
        meaning,
        false,
        text -> Arrays.stream(text.split(",")).map(String::strip).map(Setting::address).toList());
  }

  private static URI address(String text) {
    try {
      var uri = URI.create(text);
      var scheme = uri.getScheme();
      if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException("http:// or https:// addresses separated by commas");
  }

  private static @Nullable Integer parseInteger(String text) {
    try {
      return Integer.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
