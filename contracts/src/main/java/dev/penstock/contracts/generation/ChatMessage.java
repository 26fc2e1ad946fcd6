package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One entry of the neutral history; each upstream's codec gives it its own form. What a message
 * does not have is not written.
 *
 * @param text may be empty beside images or tool calls
 * @param images what a user shows; empty for everybody else
 * @param toolCalls what an assistant asked for, in its order; empty for everybody else
 * @param toolCallId the call that a {@link Role#TOOL} message answers; null where the client gave
 *     none
 * @param toolName the tool that a {@link Role#TOOL} message answers for; null where the client gave
 *     none
 */
public record ChatMessage(
    Role role,
    String text,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Image> images,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ToolCall> toolCalls,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toolCallId,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String toolName) {

  public ChatMessage {
    images = Lists.orEmpty(images);
    toolCalls = Lists.orEmpty(toolCalls);
  }

  /** Text alone. */
  public ChatMessage(Role role, String text) {
    this(role, text, List.of(), List.of(), null, null);
  }

  /** What a user says and shows. */
  public static ChatMessage showing(String text, List<Image> images) {
    return new ChatMessage(Role.USER, text, images, List.of(), null, null);
  }

  /**
   * An assistant's answer that calls tools.
   *
   * @param text what it said before; usually empty
   */
  public static ChatMessage calling(String text, List<ToolCall> toolCalls) {
    return new ChatMessage(Role.ASSISTANT, text, List.of(), toolCalls, null, null);
  }

  /** What a tool answered. */
  public static ChatMessage toolResult(
      @Nullable String toolCallId, @Nullable String toolName, String text) {
    return new ChatMessage(Role.TOOL, text, List.of(), List.of(), toolCallId, toolName);
  }
}
