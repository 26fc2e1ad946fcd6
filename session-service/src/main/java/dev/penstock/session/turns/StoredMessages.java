package dev.penstock.session.turns;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.Columns;
import dev.penstock.session.http.Bodies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Messages between their neutral form and the columns that hold them. */
public final class StoredMessages {
  private static final TypeReference<List<ToolCall>> CALLS = new TypeReference<>() {};

  private StoredMessages() {}

  /** What was said, from its columns; {@code calls} is JSON. */
  public static ChatMessage said(
      Role role,
      String text,
      @Nullable String calls,
      @Nullable String callId,
      @Nullable String tool) {
    return new ChatMessage(role, text, List.of(), calls(calls), callId, tool);
  }

  /** The calls of a column. */
  public static List<ToolCall> calls(@Nullable String json) {
    if (json == null) {
      return List.of();
    }
    try {
      return Wire.JSON.readValue(json, CALLS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The column of calls; null for none. */
  public static @Nullable String calls(List<ToolCall> calls) {
    return calls.isEmpty() ? null : Wire.text(calls);
  }

  /** UTF-8 length of what goes to a model. */
  static long bytes(ChatMessage said) {
    var calls = calls(said.toolCalls());
    return utf8Bytes(said.text()) + (calls == null ? 0 : utf8Bytes(calls));
  }

  /**
   * Requires that these can be stored.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request} if one shows an
   *     image
   */
  public static void require(List<MessageDraft> drafts) {
    for (var draft : drafts) {
      if (!draft.said().images().isEmpty()) {
        throw Bodies.invalid("Images are not stored; send text.");
      }
    }
  }

  private static long utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Columns of several messages, side by side, as {@code unnest} takes them. */
  @SuppressWarnings("ArrayRecordComponent") // made to be handed to one statement
  public record Arrays(
      String[] roles,
      String[] texts,
      @Nullable String[] calls,
      @Nullable String[] callIds,
      @Nullable String[] tools,
      @Nullable String[] extras) {

    /** The columns of those messages, in order. */
    public static Arrays of(List<MessageDraft> drafts) {
      var size = drafts.size();
      var arrays =
          new Arrays(
              new String[size],
              new String[size],
              new @Nullable String[size],
              new @Nullable String[size],
              new @Nullable String[size],
              new @Nullable String[size]);
      for (var i = 0; i < size; i++) {
        var said = drafts.get(i).said();
        var extra = drafts.get(i).extra();
        arrays.roles[i] = Columns.wordOf(said.role());
        arrays.texts[i] = said.text();
        arrays.calls[i] = StoredMessages.calls(said.toolCalls());
        arrays.callIds[i] = said.toolCallId();
        arrays.tools[i] = said.toolName();
        arrays.extras[i] = extra == null ? null : Wire.text(extra);
      }
      return arrays;
    }
  }
}
