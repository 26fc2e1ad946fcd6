package dev.penstock.simulator.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A tool a conversation offers, and when a simulated model calls it: where the last message is the
 * user's and names it. {@code city=Oslo} in that message gives an argument its value; all others
 * are samples of their schema. What a tool answered is answered in words.
 *
 * @param parameters a JSON Schema, or missing
 */
public record OfferedTool(String name, JsonNode parameters) {
  /** The calls the last message asks for, in the order of {@code tools}; empty for none. */
  public static List<Call> calls(List<OfferedTool> tools, List<PromptMessage> messages, long seed) {
    if (messages.isEmpty() || !messages.getLast().isFrom("user")) {
      return List.of();
    }
    var question = messages.getLast().content();
    var key = Dice.key(messages, seed);
    var calls = new ArrayList<Call>();
    for (var tool : tools) {
      if (tool.isNamedIn(question)) {
        var sample = new SchemaSample(tool.parameters, key, question).document();
        var arguments = sample.isObject() ? sample : JsonNodeFactory.instance.objectNode();
        calls.add(new Call(id(key, calls.size()), tool.name, arguments));
      }
    }
    return calls;
  }

  /**
   * One call.
   *
   * @param id {@code call_} and eight letters or digits
   * @param arguments an object
   */
  public record Call(String id, String name, JsonNode arguments) {}

  /** What the model reads of them; empty for none. */
  public static String declarations(List<OfferedTool> tools) {
    var text = new StringBuilder();
    for (var tool : tools) {
      text.append("<|tool>").append(tool.name).append(tool.parameters).append("<tool|>");
    }
    return text.toString();
  }

  private boolean isNamedIn(String question) {
    return !name.isEmpty()
        && Pattern.compile("(?<![\\w-])" + Pattern.quote(name) + "(?![\\w-])")
            .matcher(question)
            .find();
  }

  private static String id(long key, int number) {
    var dice = Dice.of(key, -100 - number);
    var id = new StringBuilder("call_");
    for (var i = 0; i < 8; i++) {
      id.append(Character.forDigit(dice.below(36), 36));
    }
    return id.toString();
  }
}
