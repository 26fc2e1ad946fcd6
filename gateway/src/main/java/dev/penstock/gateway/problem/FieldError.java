package dev.penstock.gateway.problem;

import io.vertx.core.json.JsonObject;

/**
 * One wrong part of a request.
 *
 * @param field path of the member ({@code options.temperature}), or the name of a header or query
 *     parameter
 * @param expected what it must be, as the end of a sentence
 */
public record FieldError(String field, String expected) {
  private static final int SHOWN = 80;

  /** The member of {@code errors}. */
  JsonObject toJson() {
    return new JsonObject().put("field", shown()).put("expected", expected);
  }

  String sentence() {
    return shown() + " must be " + expected + ".";
  }

  // The name may be the caller's own, and as long as a body.
  private String shown() {
    return field.codePointCount(0, field.length()) <= SHOWN
        ? field
        : field.substring(0, field.offsetByCodePoints(0, SHOWN)) + "…";
  }
}
