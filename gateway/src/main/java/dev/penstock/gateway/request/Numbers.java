package dev.penstock.gateway.request;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** JSON numbers by value: {@code 3}, {@code 3.0} and {@code 3e0} are the same. */
public final class Numbers {
  /** Beyond it a double no longer tells neighbouring whole numbers apart. */
  private static final double EXACT = 1L << 53;

  private Numbers() {}

  /** The value as a signed 64-bit integer; null if it is not one. */
  public static @Nullable Long whole(JsonNode node) {
    if (node.isIntegralNumber()) {
      return node.canConvertToLong() ? node.longValue() : null;
    }
    if (!node.isNumber()) {
      return null;
    }
    var value = node.doubleValue();
    return value == Math.rint(value) && Math.abs(value) <= EXACT ? (long) value : null;
  }
}
