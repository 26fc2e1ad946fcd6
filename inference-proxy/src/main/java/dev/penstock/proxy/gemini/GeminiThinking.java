package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.penstock.contracts.generation.Think;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How much a Gemini is to think, as its family says it: a budget of tokens (2.5), a level (3), or
 * nothing at all (all others). Not every member can be told not to think; then it thinks as little
 * as it may.
 *
 * @see <a href="https://ai.google.dev/gemini-api/docs/thinking">Gemini thinking</a>
 */
record GeminiThinking(boolean known, @Nullable Integer budget, @Nullable String level) {
  private static final GeminiThinking UNKNOWN = new GeminiThinking(false, null, null);
  private static final int AS_IT_LIKES = -1;
  private static final int LEAST_OF_PRO = 128;
  private static final int LOW = 1_024;
  private static final int MEDIUM = 8_192;
  private static final int HIGH = 24_576;

  /** Whether the model is of a family that thinks. */
  static boolean thinks(String model) {
    return of(model, Think.OFF).known;
  }

  /** The wish in the words of that model. */
  static GeminiThinking of(String model, Think think) {
    var name = model.toLowerCase(Locale.ROOT);
    var pro = name.contains("pro");
    if (name.contains("gemini-2.5")) {
      return new GeminiThinking(true, budget(think, pro), null);
    }
    return name.contains("gemini-3") ? new GeminiThinking(true, null, level(think, pro)) : UNKNOWN;
  }

  /** Writes {@code thinkingConfig}, or nothing where the model knows none. */
  void write(JsonGenerator out, boolean shown) throws IOException {
    if (!known) {
      return;
    }
    out.writeObjectFieldStart("thinkingConfig");
    if (budget != null) {
      out.writeNumberField("thinkingBudget", budget);
    }
    if (level != null) {
      out.writeStringField("thinkingLevel", level);
    }
    if (shown) {
      out.writeBooleanField("includeThoughts", true);
    }
    out.writeEndObject();
  }

  private static int budget(Think think, boolean pro) {
    return switch (think) {
      case OFF -> pro ? LEAST_OF_PRO : 0;
      case ON -> AS_IT_LIKES;
      case LOW -> LOW;
      case MEDIUM -> MEDIUM;
      case HIGH, MAX -> HIGH;
    };
  }

  private static @Nullable String level(Think think, boolean pro) {
    return switch (think) {
      case OFF -> pro ? "low" : "minimal";
      case ON -> null;
      case LOW -> "low";
      case MEDIUM -> pro ? "high" : "medium";
      case HIGH, MAX -> "high";
    };
  }
}
