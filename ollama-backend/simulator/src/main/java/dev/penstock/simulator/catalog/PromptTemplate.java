package dev.penstock.simulator.catalog;

import dev.penstock.simulator.answer.PromptMessage;
import java.util.List;

/** How a family of models wants a conversation written down (ollama-api.md section 15). */
public enum PromptTemplate {
  /**
   * Gemma 3: an instruction is a user's turn, and a trailing assistant message stays open, so that
   * the model goes on with it.
   */
  GEMMA3(true) {
    @Override
    public String render(List<PromptMessage> messages, boolean think, String tools) {
      var prompt = new StringBuilder();
      for (var i = 0; i < messages.size(); i++) {
        var message = messages.get(i);
        var answer = message.role().equals("assistant");
        prompt.append("<start_of_turn>").append(answer ? "model" : "user").append('\n');
        append(prompt, message);
        var last = i == messages.size() - 1;
        if (!answer || !last) {
          prompt.append("<end_of_turn>\n");
        }
        if (!answer && last) {
          prompt.append("<start_of_turn>model\n");
        }
      }
      return prompt.toString();
    }
  },

  /**
   * Gemma 4: every turn is closed and a new one opened for the model, which starts a new answer.
   */
  GEMMA4(false) {
    @Override
    public String render(List<PromptMessage> messages, boolean think, String tools) {
      var prompt = new StringBuilder("<bos>");
      var rest = messages;
      var system = !messages.isEmpty() && messages.getFirst().role().equals("system");
      if (think || system || !tools.isEmpty()) {
        prompt.append("<|turn>system\n").append(think ? "<|think|>" : "");
        if (system) {
          prompt.append(messages.getFirst().content());
          rest = messages.subList(1, messages.size());
        }
        prompt.append(tools);
        prompt.append("<turn|>\n");
      }
      for (var message : rest) {
        var role = message.role().equals("assistant") ? "model" : message.role();
        prompt.append("<|turn>").append(role).append('\n');
        append(prompt, message);
        prompt.append("<turn|>\n");
      }
      return prompt.append("<|turn>model\n").toString();
    }
  };

  private final boolean continuesAnswer;

  PromptTemplate(boolean continuesAnswer) {
    this.continuesAnswer = continuesAnswer;
  }

  /** Whether a trailing assistant message is gone on with (turns.md T-24). */
  public boolean continuesAnswer() {
    return continuesAnswer;
  }

  /**
   * The prompt the model would read.
   *
   * @param tools what is offered, as JSON; empty for nothing
   */
  public abstract String render(List<PromptMessage> messages, boolean think, String tools);

  private static void append(StringBuilder prompt, PromptMessage message) {
    for (var i = 0; i < message.pictures(); i++) {
      prompt.append("[img-").append(i).append(']');
    }
    prompt.append(message.content()).append(message.toolCalls());
  }
}
