package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.Wire;

/** The answer to {@code text/x.enum}: the model writes a JSON string, the client gets its text. */
final class EnumText {
  private EnumText() {}

  /** The string's text; what is no JSON string stays as it is. */
  static String of(String answer) {
    try {
      return Wire.JSON.readTree(answer) instanceof TextNode text
          ? StorableText.of(text.textValue())
          : answer;
    } catch (JsonProcessingException e) {
      return answer; // cut short by the bound of its tokens
    }
  }
}
