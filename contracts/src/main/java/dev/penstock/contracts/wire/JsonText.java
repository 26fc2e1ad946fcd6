package dev.penstock.contracts.wire;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/**
 * JSON that is carried as its own text, because nobody here looks inside: schemas of tools,
 * arguments of calls. It is copied into other documents as it stands, so it is checked where it
 * becomes a value.
 */
public final class JsonText {
  private JsonText() {}

  /** Whether the text is one JSON object and nothing else. */
  public static boolean isObject(String text) {
    try (var json = Wire.JSON.getFactory().createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      json.skipChildren();
      return json.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Passes for an object only.
   *
   * @throws IllegalArgumentException naming {@code what} it is, never what it holds
   */
  public static void requireObject(String text, String what) {
    if (text == null || !isObject(text)) {
      throw new IllegalArgumentException(what + " must be a JSON object");
    }
  }
}
