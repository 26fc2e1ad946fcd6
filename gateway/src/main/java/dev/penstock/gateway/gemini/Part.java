package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** What one chunk of an answer holds. */
sealed interface Part {
  /** Appends the JSON of the part, or of the parts, without the brackets around them. */
  void append(Buffer out);

  /**
   * A piece of the answer's text.
   *
   * @param isThought whether it is what the model thinks instead
   */
  record Words(String text, boolean isThought) implements Part {
    @Override
    public void append(Buffer out) {
      JsonString.append(out.appendString("{\"text\":"), text)
          .appendString(isThought ? ",\"thought\":true}" : "}");
    }
  }

  /** Calls of functions, one part each. */
  record Calls(List<ToolCall> calls) implements Part {
    @Override
    public void append(Buffer out) {
      for (var i = 0; i < calls.size(); i++) {
        var call = calls.get(i);
        out.appendString(i == 0 ? "{\"functionCall\":{\"id\":" : ",{\"functionCall\":{\"id\":");
        JsonString.append(out, call.id()).appendString(",\"name\":");
        JsonString.append(out, call.name()).appendString(",\"args\":" + call.arguments() + "}}");
      }
    }
  }
}
