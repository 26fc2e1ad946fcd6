package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.AnswerText;
import dev.penstock.proxy.generation.CallIds;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the parts of an answer: {@code {"text":"Hi"}}, {@code {"text":"Hm","thought":true}}, {@code
 * {"functionCall":{"name":"look","args":{"at":"it"}}}}. What else there is, is passed over.
 */
final class GeminiParts {
  private final AnswerListener listener;
  private final AnswerText text;
  private boolean called;
  private boolean told;

  GeminiParts(AnswerListener listener) {
    this.listener = listener;
    this.text = new AnswerText(listener);
  }

  /** Whether a tool was called. */
  boolean called() {
    return called;
  }

  /** Whether anything was told. */
  boolean told() {
    return told;
  }

  /** Tells what was held back. */
  void end() {
    text.end();
  }

  /**
   * Tells the part the parser stands on.
   *
   * @param chunk what the parser reads from
   */
  void read(JsonParser in, String chunk) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(in, "a part is no object");
    }
    var words = "";
    var thought = false;
    @Nullable ToolCall call = null;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      switch (name) {
        case "text" -> words = words(in);
        case "thought" -> thought = value == JsonToken.VALUE_TRUE;
        case "functionCall" -> call = call(in, chunk);
        default -> in.skipChildren();
      }
    }
    told |= thought ? text.think(words) : text.say(words);
    if (call != null) {
      called = true;
      told = true;
      listener.called(List.of(call));
    }
  }

  private static String words(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> in.getText();
      case VALUE_NULL -> "";
      default -> throw new JsonParseException(in, "text is not a string");
    };
  }

  private static ToolCall call(JsonParser in, String chunk) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(in, "a function call is no object");
    }
    @Nullable String id = null;
    @Nullable String function = null;
    var arguments = "{}";
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      if ("id".equals(name) && value == JsonToken.VALUE_STRING) {
        id = in.getText();
      } else if ("name".equals(name) && value == JsonToken.VALUE_STRING) {
        function = in.getText();
      } else if ("args".equals(name) && value == JsonToken.START_OBJECT) {
        var from = (int) in.currentTokenLocation().getCharOffset();
        in.skipChildren();
        arguments = chunk.substring(from, (int) in.currentLocation().getCharOffset());
      } else {
        in.skipChildren();
      }
    }
    if (function == null) {
      throw new JsonParseException(in, "a function call has no name");
    }
    return new ToolCall(id == null || id.isEmpty() ? CallIds.next() : id, function, arguments);
  }
}
