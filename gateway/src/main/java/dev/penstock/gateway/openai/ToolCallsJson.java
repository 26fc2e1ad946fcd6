package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Calls of tools as {@code [{"id","type":"function","function":{"name","arguments"}}]}. */
final class ToolCallsJson {
  private ToolCallsJson() {}

  /** Appends the calls of a whole message. */
  static Buffer append(Buffer out, List<ToolCall> calls) {
    out.appendString("[");
    for (var at = 0; at < calls.size(); at++) {
      out.appendString(at == 0 ? "{" : ",{");
      members(out, calls.get(at)).appendString("}");
    }
    return out.appendString("]");
  }

  /** Appends whole calls as fragments of a stream, numbered from {@code first} on. */
  static Buffer appendFragments(Buffer out, List<ToolCall> calls, int first) {
    out.appendString("[");
    for (var at = 0; at < calls.size(); at++) {
      out.appendString((at == 0 ? "" : ",") + "{\"index\":" + (first + at) + ",");
      members(out, calls.get(at)).appendString("}");
    }
    return out.appendString("]");
  }

  private static Buffer members(Buffer out, ToolCall call) {
    JsonString.append(out.appendString("\"id\":"), call.id())
        .appendString(",\"type\":\"function\",\"function\":{\"name\":");
    JsonString.append(out, call.name()).appendString(",\"arguments\":");
    return JsonString.append(out, call.arguments()).appendString("}");
  }
}
