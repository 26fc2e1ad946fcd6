package dev.penstock.simulator.answer;

import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the last user message asks of the simulator itself, for tests, benches and demonstrations.
 *
 * <ul>
 *   <li>{@code [tokens=500]}: the answer has exactly 500 tokens (0 to 200,000); {@code num_predict}
 *       may still cut it.
 *   <li>{@code [rate=25]}: it comes at 25 tokens per second (1 to 1,000,000), whatever the
 *       simulator's own speed.
 *   <li>{@code [say]text}: the answer is the rest of the message after {@code [say]}, verbatim but
 *       for one leading space; with {@code [tokens=n]}, at most its first n tokens.
 * </ul>
 *
 * <p>A number out of its range is no directive.
 *
 * @param say the text to say; null for a composed one
 */
public record Directives(OptionalInt tokens, OptionalInt rate, @Nullable String say) {
  private static final int MAX_TOKENS = 200_000;
  private static final int MAX_RATE = 1_000_000;
  private static final Pattern TOKENS = Pattern.compile("\\[tokens=(\\d{1,6})]");
  private static final Pattern RATE = Pattern.compile("\\[rate=(\\d{1,7})]");
  private static final String SAY = "[say]";

  /** Those of the conversation's last user message. */
  public static Directives of(List<PromptMessage> messages) {
    for (var i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).isFrom("user")) {
        return of(messages.get(i).content());
      }
    }
    return of("");
  }

  private static Directives of(String text) {
    var say = text.indexOf(SAY);
    // What is to be said may look like a directive and is none.
    var head = say < 0 ? text : text.substring(0, say);
    return new Directives(
        number(TOKENS, head, 0, MAX_TOKENS),
        number(RATE, head, 1, MAX_RATE),
        say < 0 ? null : withoutLeadingSpace(text.substring(say + SAY.length())));
  }

  private static OptionalInt number(Pattern pattern, String text, int least, int most) {
    var match = pattern.matcher(text);
    if (match.find()) {
      var value = Integer.parseInt(match.group(1));
      if (value >= least && value <= most) {
        return OptionalInt.of(value);
      }
    }
    return OptionalInt.empty();
  }

  private static String withoutLeadingSpace(String text) {
    return text.startsWith(" ") ? text.substring(1) : text;
  }
}
