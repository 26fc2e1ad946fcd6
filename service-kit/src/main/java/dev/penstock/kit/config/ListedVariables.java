package dev.penstock.kit.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The variables that docs/configuration.md lists for any service. The page is packed into this
 * library, so what it says is what holds, and no service needs to know another's settings.
 */
final class ListedVariables {
  private static final String PAGE = "configuration.md";
  private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Z][A-Z0-9_]*)` \\|");

  private ListedVariables() {}

  static Set<String> names() {
    try (var in = ListedVariables.class.getResourceAsStream(PAGE)) {
      var page =
          new String(Objects.requireNonNull(in, PAGE).readAllBytes(), StandardCharsets.UTF_8);
      return ROW.matcher(page)
          .results()
          .map(row -> row.group(1))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException("this library's jar is broken", e);
    }
  }
}
