package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The media types a request accepts, with their weights (RFC 9110 section 12.5.1). Of two types
 * with the same weight the one named more precisely wins, then the one offered first.
 */
public final class Accepts {
  public static final String JSON = "application/json";
  public static final String EVENT_STREAM = "text/event-stream";
  public static final String HTML = "text/html";

  private final List<Range> ranges;

  private Accepts(List<Range> ranges) {
    this.ranges = ranges;
  }

  /** What the request's {@code Accept} headers say; everything where there are none. */
  public static Accepts of(HttpServerRequest request) {
    return parse(String.join(",", request.headers().getAll("Accept")));
  }

  /** Reads a header's value; ranges that are none are passed over. */
  static Accepts parse(String header) {
    var ranges = new ArrayList<Range>();
    for (var part : header.split(",")) {
      var range = Range.parse(part);
      if (range != null) {
        ranges.add(range);
      }
    }
    return new Accepts(ranges);
  }

  /** The best of {@code offered}, in the server's own order of preference; empty for none. */
  public Optional<String> best(String... offered) {
    if (ranges.isEmpty()) {
      return Optional.of(offered[0]);
    }
    @Nullable String best = null;
    var bestRange = Range.NEVER;
    for (var type : offered) {
      var range = rangeOf(type);
      if (range.beats(bestRange)) {
        best = type;
        bestRange = range;
      }
    }
    return Optional.ofNullable(best);
  }

  /**
   * The same, where one of them must do.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_acceptable}
   */
  public String require(String... offered) {
    return best(offered)
        .orElseThrow(
            () ->
                Failure.of(
                        FailureCode.NOT_ACCEPTABLE,
                        "This can be had as " + String.join(" or ", offered) + ".")
                    .asException());
  }

  private Range rangeOf(String type) {
    return ranges.stream()
        .filter(range -> range.matches(type))
        .max((a, b) -> Integer.compare(a.precision(), b.precision()))
        .orElse(Range.NEVER);
  }

  private record Range(String type, double weight) {
    static final Range NEVER = new Range("", 0);

    static @Nullable Range parse(String text) {
      var parts = text.split(";");
      var type = parts[0].strip().toLowerCase(Locale.ROOT);
      if (type.indexOf('/') <= 0 || type.endsWith("/")) {
        return null;
      }
      var weight = 1.0;
      for (var i = 1; i < parts.length; i++) {
        var parameter = parts[i].strip().toLowerCase(Locale.ROOT);
        if (parameter.startsWith("q=")) {
          try {
            weight = Math.clamp(Double.parseDouble(parameter.substring(2)), 0, 1);
          } catch (NumberFormatException e) {
            return null;
          }
        }
      }
      return new Range(type, weight);
    }

    boolean matches(String offered) {
      return type.equals("*/*")
          || type.equals(offered)
          || (type.endsWith("/*") && offered.startsWith(type.substring(0, type.length() - 1)));
    }

    int precision() {
      return type.equals("*/*") ? 0 : type.endsWith("/*") ? 1 : 2;
    }

    boolean beats(Range other) {
      return weight > other.weight
          || (weight > 0 && weight == other.weight && precision() > other.precision());
    }
  }
}
