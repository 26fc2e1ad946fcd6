package dev.penstock.simulator.wire;

import dev.penstock.simulator.answer.OfferedTool;
import java.util.List;

/** {@code [{"id":"call_ab12cd34","function":{"index":0,"name":"lookup","arguments":{…}}}]}. */
public final class ToolCallsJson {
  private ToolCallsJson() {}

  /** The array's text. */
  public static String of(List<OfferedTool.Call> calls) {
    var json = new StringBuilder("[");
    for (var index = 0; index < calls.size(); index++) {
      var call = calls.get(index);
      json.append(index == 0 ? "{\"id\":\"" : ",{\"id\":\"").append(call.id());
      json.append("\",\"function\":{\"index\":").append(index).append(",\"name\":");
      GoJson.appendString(json, call.name());
      json.append(",\"arguments\":").append(call.arguments()).append("}}");
    }
    return json.append(']').toString();
  }
}
