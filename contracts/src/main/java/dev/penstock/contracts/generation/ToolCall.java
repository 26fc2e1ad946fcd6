package dev.penstock.contracts.generation;

import dev.penstock.contracts.wire.JsonText;

/**
 * A model's wish that a tool be called.
 *
 * @param id unique within the conversation, {@code call_…}; an upstream that gives none has one
 *     made
 * @param arguments the text of a JSON object, members in the model's order
 */
public record ToolCall(String id, String name, String arguments) {
  /** Throws {@link IllegalArgumentException} unless {@code arguments} is a JSON object. */
  public ToolCall {
    JsonText.requireObject(arguments, "arguments of a tool call");
  }
}
