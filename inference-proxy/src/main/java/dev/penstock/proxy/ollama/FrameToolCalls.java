package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.generation.CallIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code message.tool_calls} of a frame: {@code
 * [{"id":"call_ab12cd34","function":{"index":0,"name":"lookup","arguments":{"city":"Oslo"}}}]}. A
 * call without an id is given one; one without arguments has an empty object.
 */
final class FrameToolCalls {
  private @Nullable String id;
  private @Nullable String name;
  private String arguments = "{}";

  private FrameToolCalls() {}

  /**
   * Reads the array the parser stands on.
   *
   * @param line what the parser reads from
   */
  static List<ToolCall> read(JsonParser in, String line) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    expect(in, JsonToken.START_ARRAY, "tool_calls");
    var calls = new ArrayList<ToolCall>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      calls.add(new FrameToolCalls().call(in, line));
    }
    return calls;
  }

  private ToolCall call(JsonParser in, String line) throws IOException {
    expect(in, JsonToken.START_OBJECT, "a tool call");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var member = in.currentName();
      var value = in.nextToken();
      if ("id".equals(member) && value == JsonToken.VALUE_STRING) {
        id = in.getText();
      } else if ("function".equals(member)) {
        function(in, line);
      } else {
        in.skipChildren();
      }
    }
    if (name == null) {
      throw new JsonParseException(in, "a tool call names no function");
    }
    return new ToolCall(id == null || id.isEmpty() ? CallIds.next() : id, name, arguments);
  }

  private void function(JsonParser in, String line) throws IOException {
    expect(in, JsonToken.START_OBJECT, "function");
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var member = in.currentName();
      var value = in.nextToken();
      if ("name".equals(member) && value == JsonToken.VALUE_STRING) {
        name = in.getText();
      } else if ("arguments".equals(member) && value != JsonToken.VALUE_NULL) {
        expect(in, JsonToken.START_OBJECT, "arguments");
        arguments = object(in, line);
      } else {
        in.skipChildren();
      }
    }
  }

  /** The text of the object the parser stands on, as the model server wrote it. */
  private static String object(JsonParser in, String line) throws IOException {
    var from = (int) in.currentTokenLocation().getCharOffset();
    in.skipChildren();
    return line.substring(from, (int) in.currentLocation().getCharOffset());
  }

  private static void expect(JsonParser in, JsonToken token, String what) throws IOException {
    if (in.currentToken() != token) {
      throw new JsonParseException(in, what + " is of another type");
    }
  }
}
