package dev.penstock.gateway.authentication;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A request's target, its parts as they were sent.
 *
 * @param query null where there is no question mark
 */
record Address(String path, @Nullable String query) {
  static Address of(String uri) {
    var question = uri.indexOf('?');
    return question < 0
        ? new Address(uri, null)
        : new Address(uri.substring(0, question), uri.substring(question + 1));
  }

  Address at(String other) {
    return new Address(other, query);
  }

  /** Every value of a parameter, decoded; one that cannot be decoded is as it was sent. */
  List<String> parameters(String name) {
    return pairs()
        .filter(pair -> isOf(pair, name))
        .map(pair -> decoded(pair.substring(Math.min(pair.length(), pair.indexOf('=') + 1))))
        .toList();
  }

  Address withoutParameter(String name) {
    var rest = pairs().filter(pair -> !isOf(pair, name)).collect(Collectors.joining("&"));
    return new Address(path, rest.isEmpty() ? null : rest);
  }

  String uri() {
    return query == null ? path : path + "?" + query;
  }

  private Stream<String> pairs() {
    return query == null ? Stream.empty() : Arrays.stream(query.split("[&;]"));
  }

  private static boolean isOf(String pair, String name) {
    var equals = pair.indexOf('=');
    return equals >= 0 && decoded(pair.substring(0, equals)).equals(name);
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }
}
