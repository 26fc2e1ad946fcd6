package dev.penstock.simulator.answer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * What a simulated model says to a conversation: token <i>k</i> is a pure function of
 * (conversation, seed, base it was continued from, <i>k</i>), so that whoever knows the request can
 * compute the exact text and sees any loss, repeat or tear.
 *
 * <p>The conversation is every message with its role. {@link Directives} in its last user message
 * ask for a length, a speed or a text. Immutable.
 */
public final class SimulatedAnswer {
  private final List<String> tokens;

  private SimulatedAnswer(List<String> tokens) {
    this.tokens = List.copyOf(tokens);
  }

  /** The answer to one user message, under the default seed 0. */
  public static SimulatedAnswer to(String userText) {
    return of(List.of(PromptMessage.user(userText)), 0);
  }

  /** A new answer, also where the last message is an assistant's: it is then history. */
  public static SimulatedAnswer of(List<PromptMessage> messages, long seed) {
    var directives = Directives.of(messages);
    var say = directives.say();
    if (say != null) {
      var said = Tokenizer.tokens(say);
      return new SimulatedAnswer(
          said.subList(0, Math.min(said.size(), directives.tokens().orElse(said.size()))));
    }
    var composer = new Composer(messages, Dice.key(messages, seed));
    return new SimulatedAnswer(
        directives.tokens().isPresent()
            ? exactly(directives.tokens().getAsInt(), composer)
            : naturally(composer));
  }

  /**
   * The rest of an answer whose beginning is the last message, which is an assistant's; a new
   * answer where the last message is another's.
   *
   * <p>If the beginning is one of the answer to the messages before it, the rest starts right at
   * its end, with a part of a token where it ends inside one. Any other beginning (one that lost or
   * repeated something, or that was never ours) is followed by a text that says so.
   */
  public static SimulatedAnswer continuing(List<PromptMessage> messages, long seed) {
    if (messages.isEmpty() || !messages.getLast().isFrom("assistant")) {
      return of(messages, seed);
    }
    var begun = messages.getLast().content();
    var whole = of(messages.subList(0, messages.size() - 1), seed);
    if (whole.text().startsWith(begun)) {
      return whole.after(begun.length());
    }
    var foreign = new ArrayList<>(Tokenizer.tokens(Composer.FOREIGN_BEGINNING));
    foreign.addAll(of(messages, seed).tokens);
    return new SimulatedAnswer(foreign);
  }

  /** Its thoughts before the answer, for a model that thinks; never empty. */
  public static SimulatedAnswer thoughtsOn(List<PromptMessage> messages, long seed) {
    return new SimulatedAnswer(
        Tokenizer.tokens(new Composer(messages, Dice.key(messages, seed)).thoughts()));
  }

  /**
   * The tokens of a text that is given: calls of tools, which a client sees whole, or JSON of a
   * format.
   */
  public static SimulatedAnswer saying(String text) {
    return new SimulatedAnswer(Tokenizer.tokens(text));
  }

  /**
   * A JSON document instead of an answer: one of that schema, or one that repeats the question
   * where there is none.
   */
  public static SimulatedAnswer formed(List<PromptMessage> messages, long seed, JsonNode schema) {
    var key = Dice.key(messages, seed);
    var asked =
        messages.reversed().stream()
            .filter(message -> message.isFrom("user"))
            .findFirst()
            .map(PromptMessage::content)
            .orElse("");
    if (!schema.isObject()) {
      return saying(
          JsonNodeFactory.instance
              .objectNode()
              .put("question", asked)
              .put("simulated", true)
              .toString());
    }
    return saying(new SchemaSample(schema, key, asked).document().toString());
  }

  /** How many tokens it has if nothing cuts it. */
  public int length() {
    return tokens.size();
  }

  /** Token {@code k}, from 0. */
  public String token(int k) {
    return tokens.get(k);
  }

  /** All tokens in order. */
  public List<String> tokens() {
    return tokens;
  }

  /** The whole text. */
  public String text() {
    return String.join("", tokens);
  }

  /** The text of its first {@code count} tokens, or all of it if it has no more. */
  public String text(int count) {
    return String.join("", tokens.subList(0, Math.min(count, tokens.size())));
  }

  private SimulatedAnswer after(int characters) {
    var rest = characters;
    for (var k = 0; k < tokens.size(); k++) {
      var token = tokens.get(k);
      if (rest < token.length()) {
        var remaining = new ArrayList<>(tokens.subList(k, tokens.size()));
        remaining.set(0, token.substring(rest));
        return new SimulatedAnswer(remaining);
      }
      rest -= token.length();
    }
    return new SimulatedAnswer(List.of());
  }

  private static List<String> naturally(Composer composer) {
    var text = new StringBuilder();
    for (var block = 0; block < composer.naturalBlocks(); block++) {
      text.append(composer.block(block));
    }
    return Tokenizer.tokens(text.append(composer.closing()).toString());
  }

  private static List<String> exactly(int count, Composer composer) {
    var tokens = new ArrayList<String>(count + 128);
    for (var block = 0; tokens.size() < count; block++) {
      tokens.addAll(Tokenizer.tokens(composer.block(block)));
    }
    return tokens.subList(0, count);
  }
}
