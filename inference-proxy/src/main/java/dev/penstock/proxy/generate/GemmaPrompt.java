package dev.penstock.proxy.generate;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Renders the neutral history in Gemma's chat template: {@code
 * <start_of_turn>user\n…<end_of_turn>\n<start_of_turn>model\n}. The system's words stand before the
 * first user's, as Gemma has no role for them; a partial answer is left open, so that the model
 * goes on with it.
 *
 * <p>The server adds the mark that begins a text. Marks of turns inside a message are broken, so
 * that nobody can speak for another.
 *
 * @see <a href="https://ai.google.dev/gemma/docs/core/prompt-structure">Gemma's formatting</a>
 */
final class GemmaPrompt {
  /** What ends a turn. */
  static final String END = "<end_of_turn>";

  /** What begins one. */
  static final String START = "<start_of_turn>";

  private final StringBuilder out = new StringBuilder();
  private String system;
  private String speaker = "";

  private GemmaPrompt(List<ChatMessage> messages) {
    system =
        messages.stream()
            .filter(message -> message.role() == Role.SYSTEM)
            .map(message -> harmless(message.text()) + "\n\n")
            .collect(Collectors.joining());
  }

  /**
   * The prompt.
   *
   * @param continuesAnswer the last message is a partial answer to go on with
   */
  static String render(List<ChatMessage> messages, boolean continuesAnswer) {
    var prompt = new GemmaPrompt(messages);
    for (var message : messages) {
      if (message.role() != Role.SYSTEM) {
        prompt.add(message);
      }
    }
    if (!continuesAnswer) {
      prompt.turnTo("model");
    }
    return prompt.out.toString();
  }

  private void add(ChatMessage message) {
    var models = message.role() == Role.ASSISTANT;
    turnTo(models ? "model" : "user");
    if (!models) {
      out.append(system);
      system = "";
    }
    out.append(harmless(message.text()));
  }

  /** Neighbours of one role speak in one turn. */
  private void turnTo(String next) {
    if (speaker.equals(next)) {
      out.append("\n\n");
      return;
    }
    if (!speaker.isEmpty()) {
      out.append(END).append('\n');
    }
    out.append(START).append(next).append('\n');
    speaker = next;
  }

  private static String harmless(String text) {
    return text.replace(START, "< start_of_turn>").replace(END, "< end_of_turn>");
  }
}
