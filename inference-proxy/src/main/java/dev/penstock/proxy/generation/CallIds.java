package dev.penstock.proxy.generation;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.ToolCall;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Ids of tool calls, for model servers that give none or do not know them by one. */
public final class CallIds {
  private static final int LENGTH = 24;

  private CallIds() {}

  /** A new one: {@code call_} and 24 hex digits. */
  public static String next() {
    return "call_" + UUID.randomUUID().toString().replace("-", "").substring(0, LENGTH);
  }

  /** The tools called in a history, by the ids of their calls. */
  public static Map<String, String> toolNames(List<ChatMessage> history) {
    var names = new HashMap<String, String>();
    for (var message : history) {
      for (ToolCall call : message.toolCalls()) {
        names.put(call.id(), call.name());
      }
    }
    return names;
  }
}
