package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a model can do, by the names Ollama gives it (ollama-api.md section 9). */
public enum Capability {
  COMPLETION,
  TOOLS,
  VISION,
  THINKING,
  EMBEDDING,
  INSERT;

  /** The name in lower case. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The capability of that name; null for one this version does not know. */
  @JsonCreator
  public static @Nullable Capability find(String wire) {
    for (var value : values()) {
      if (value.wire().equals(wire)) {
        return value;
      }
    }
    return null;
  }
}
