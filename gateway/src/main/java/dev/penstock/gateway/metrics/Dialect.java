package dev.penstock.gateway.metrics;

import java.util.Locale;

/** A public protocol as labels tell it: the name in lower case. */
public enum Dialect {
  NATIVE("chat"),
  OPENAI_CHAT("chat"),
  OPENAI_COMPLETIONS("text_completion"),
  OPENAI_RESPONSES("chat"),
  GEMINI("generate_content"),
  OLLAMA("chat"),
  ADK("chat");

  private final String operation;

  Dialect(String operation) {
    this.operation = operation;
  }

  /** The protocol whose route has that path. */
  public static Dialect ofPath(String path) {
    if (path.startsWith("/v1/chat/")) {
      return OPENAI_CHAT;
    } else if (path.startsWith("/v1/completions")) {
      return OPENAI_COMPLETIONS;
    } else if (path.startsWith("/v1/responses") || path.startsWith("/v1/conversations")) {
      return OPENAI_RESPONSES;
    } else if (path.startsWith("/v1beta/")) {
      return GEMINI;
    } else if (path.startsWith("/api/")) {
      return OLLAMA;
    } else if (path.startsWith("/run")) {
      return ADK;
    } else {
      return NATIVE;
    }
  }

  /** What it does, in the words of the GenAI convention. */
  String operation() {
    return operation;
  }

  /** Its place in arrays of all dialects. */
  @SuppressWarnings("EnumOrdinal") // of arrays that live as long as the process
  int index() {
    return ordinal();
  }

  /** The word in the label. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
