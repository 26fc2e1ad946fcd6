package dev.penstock.contracts.generation;

import dev.penstock.contracts.wire.JsonText;
import org.jspecify.annotations.Nullable;

/**
 * A function that the model may ask its caller to call.
 *
 * @param parameters the text of a JSON Schema object; null for a function without parameters
 */
public record Tool(String name, @Nullable String description, @Nullable String parameters) {
  /** Throws {@link IllegalArgumentException} unless {@code parameters} is null or an object. */
  public Tool {
    if (parameters != null) {
      JsonText.requireObject(parameters, "parameters of a tool");
    }
  }
}
