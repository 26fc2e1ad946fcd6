package dev.penstock.gateway.request;

import dev.penstock.gateway.problem.Problems;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The query parameters of a request: each known, given once, and well-formed UTF-8. */
public final class Query {
  private final Map<String, String> values;

  private Query(Map<String, String> values) {
    this.values = values;
  }

  /**
   * Reads the query of a request that may have these parameters.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 naming the parameter that is unknown,
   *     repeated or malformed
   */
  public static Query of(HttpServerRequest request, String... known) {
    var query = request.query();
    return new Query(parse(query == null ? "" : query, Set.of(known)));
  }

  static Map<String, String> parse(String query, Set<String> known) {
    var values = new HashMap<String, String>();
    for (var pair : query.split("&")) {
      if (pair.isEmpty()) {
        continue;
      }
      var equals = pair.indexOf('=');
      var name = decode(equals < 0 ? pair : pair.substring(0, equals));
      if (!known.contains(name)) {
        throw Problems.invalid(name, "left out, as it is not a parameter of this call");
      }
      if (values.put(name, decode(equals < 0 ? "" : pair.substring(equals + 1))) != null) {
        throw Problems.invalid(name, "given once");
      }
    }
    return values;
  }

  /** The parameter's value; null where it is absent. */
  public @Nullable String find(String name) {
    return values.get(name);
  }

  /**
   * A whole number between two bounds, both included.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 for anything else
   */
  public int integer(String name, int absent, int least, int most) {
    var text = values.get(name);
    if (text == null) {
      return absent;
    }
    if (text.matches("\\d{1,9}")) {
      var value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    }
    throw Problems.invalid(name, "a whole number from " + least + " to " + most);
  }

  private static String decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      if (c == '%') {
        bytes.write(octet(text, i));
        i += 2;
      } else {
        bytes.write(c == '+' ? ' ' : c);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw Problems.invalid("query", "percent-encoded UTF-8");
    }
  }

  private static int octet(String text, int percent) {
    var high = percent + 2 < text.length() ? Character.digit(text.charAt(percent + 1), 16) : -1;
    var low = high < 0 ? -1 : Character.digit(text.charAt(percent + 2), 16);
    if (low < 0) {
      throw Problems.invalid("query", "percent-encoded UTF-8");
    }
    return high << 4 | low;
  }
}
