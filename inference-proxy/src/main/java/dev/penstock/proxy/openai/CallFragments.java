package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.wire.JsonText;
import dev.penstock.proxy.generation.CallIds;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Gathers calls of tools, whose arguments come in pieces: {@code
 * [{"index":0,"id":"call_1","type":"function","function":{"name":"look","arguments":"{\"at\":"}}]},
 * then {@code [{"index":0,"function":{"arguments":"\"it\"}"}}]}. TGI may send one object instead of
 * a list, and arguments as an object.
 */
final class CallFragments {
  private static final int MAX_CALLS = 128;
  private static final int MAX_CHARS = 1 << 20;

  private final TreeMap<Integer, Fragment> calls = new TreeMap<>();

  private static final class Fragment {
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /** The calls, once all pieces are there; null if one is not whole. */
  @Nullable List<ToolCall> whole() {
    var whole = new ArrayList<ToolCall>();
    for (var call : calls.values()) {
      var arguments = call.arguments.toString().isBlank() ? "{}" : call.arguments.toString();
      if (call.name.isEmpty() || !JsonText.isObject(arguments)) {
        return null;
      }
      whole.add(new ToolCall(call.id.isEmpty() ? CallIds.next() : call.id, call.name, arguments));
    }
    return whole;
  }

  /**
   * Adds the pieces the parser stands on.
   *
   * @param chunk what the parser reads from
   */
  void add(JsonParser in, String chunk) throws IOException {
    switch (in.currentToken()) {
      case START_ARRAY -> {
        for (var place = 0; in.nextToken() != JsonToken.END_ARRAY; place++) {
          call(in, chunk, place);
        }
      }
      case START_OBJECT -> call(in, chunk, 0);
      case VALUE_NULL -> {}
      default -> throw new JsonParseException(in, "tool_calls are of another type");
    }
  }

  private void call(JsonParser in, String chunk, int place) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(in, "a tool call is no object");
    }
    var piece = new Fragment();
    var index = place;
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var member = in.currentName();
      var value = in.nextToken();
      if ("index".equals(member) && value == JsonToken.VALUE_NUMBER_INT) {
        index = in.getIntValue();
      } else if ("id".equals(member) && value == JsonToken.VALUE_STRING) {
        piece.id = in.getText();
      } else if ("function".equals(member) && value == JsonToken.START_OBJECT) {
        function(in, chunk, piece);
      } else {
        in.skipChildren();
      }
    }
    merge(in, calls.computeIfAbsent(index, _ -> new Fragment()), piece);
  }

  private void merge(JsonParser in, Fragment call, Fragment piece) throws IOException {
    call.id = call.id.isEmpty() ? piece.id : call.id;
    call.name = call.name.isEmpty() ? piece.name : call.name;
    call.arguments.append(piece.arguments);
    if (calls.size() > MAX_CALLS || call.arguments.length() > MAX_CHARS) {
      throw new JsonParseException(in, "more calls than anybody makes");
    }
  }

  private static void function(JsonParser in, String chunk, Fragment piece) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var member = in.currentName();
      var value = in.nextToken();
      if ("name".equals(member) && value == JsonToken.VALUE_STRING) {
        piece.name = in.getText();
      } else if ("arguments".equals(member) && value == JsonToken.VALUE_STRING) {
        piece.arguments.append(in.getText());
      } else if ("arguments".equals(member) && value == JsonToken.START_OBJECT) {
        var from = (int) in.currentTokenLocation().getCharOffset();
        in.skipChildren();
        piece.arguments.append(chunk, from, (int) in.currentLocation().getCharOffset());
      } else {
        in.skipChildren();
      }
    }
  }
}
