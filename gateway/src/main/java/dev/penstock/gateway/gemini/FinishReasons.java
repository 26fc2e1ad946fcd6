package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.FinishReason;

/** The names of this dialect (gemini-api.md section 4). */
final class FinishReasons {
  private FinishReasons() {}

  static String of(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> "STOP";
      case LENGTH -> "MAX_TOKENS";
      case CONTENT_FILTER -> "SAFETY";
    };
  }
}
