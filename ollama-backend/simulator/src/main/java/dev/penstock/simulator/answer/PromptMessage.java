package dev.penstock.simulator.answer;

/**
 * One message of a conversation, as {@code /api/chat} brings it.
 *
 * @param role {@code system}, {@code user}, {@code assistant} or {@code tool}, in lower case
 * @param pictures how many it shows
 * @param pictureBytes their size together
 * @param toolCalls what it called, as the text of a JSON array; empty for nothing
 */
public record PromptMessage(
    String role, String content, int pictures, int pictureBytes, String toolCalls) {
  /** Text alone. */
  public PromptMessage(String role, String content) {
    this(role, content, 0, 0, "");
  }

  /** A user's message. */
  public static PromptMessage user(String content) {
    return new PromptMessage("user", content);
  }

  /** A model's message, whole or partial. */
  public static PromptMessage assistant(String content) {
    return new PromptMessage("assistant", content);
  }

  /** An instruction. */
  public static PromptMessage system(String content) {
    return new PromptMessage("system", content);
  }

  boolean isFrom(String expected) {
    return role.equals(expected);
  }
}
