package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the neutral history together. What one role says in a row becomes one message, with nothing
 * between: chat helpers send an earlier answer back in as many contents as it had chunks
 * (gemini-api.md section 3.3).
 */
final class Conversation {
  private final List<ChatMessage> messages = new ArrayList<>();
  private final List<ToolCall> unanswered = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final List<Image> images = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private Role speaker = Role.USER;
  private int unnamedCalls;

  void say(Role role, String words) {
    speaks(role);
    text.append(words);
  }

  void show(Image image) {
    speaks(Role.USER);
    images.add(image);
  }

  /** A call of the model's, under an id of our own where the client kept none. */
  void call(@Nullable String id, String name, String arguments) {
    speaks(Role.ASSISTANT);
    var call = new ToolCall(id == null ? "call_" + ++unnamedCalls : id, name, arguments);
    calls.add(call);
    unanswered.add(call);
  }

  /** What a tool answered; without an id, to the first call of that name that has no answer yet. */
  void result(@Nullable String id, String name, String content) {
    close();
    var answered = answered(id, name);
    messages.add(ChatMessage.toolResult(answered, name, content));
  }

  List<ChatMessage> messages() {
    close();
    return List.copyOf(messages);
  }

  private @Nullable String answered(@Nullable String id, String name) {
    for (Iterator<ToolCall> open = unanswered.iterator(); open.hasNext(); ) {
      var call = open.next();
      if (id == null ? call.name().equals(name) : call.id().equals(id)) {
        open.remove();
        return call.id();
      }
    }
    return id;
  }

  private void speaks(Role role) {
    if (role != speaker) {
      close();
      speaker = role;
    }
  }

  private void close() {
    if (!text.isEmpty() || !images.isEmpty() || !calls.isEmpty()) {
      messages.add(
          new ChatMessage(
              speaker, text.toString(), List.copyOf(images), List.copyOf(calls), null, null));
      text.setLength(0);
      images.clear();
      calls.clear();
    }
  }
}
