package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.FinishReason;

/** The closed list of this dialect; clients hold it in enums. */
final class FinishReasons {
  private FinishReasons() {}

  static String of(FinishReason reason) {
    return switch (reason) {
      case STOP -> "stop";
      case LENGTH -> "length";
      case CONTENT_FILTER -> "content_filter";
      case TOOL_CALLS -> "tool_calls";
    };
  }
}
