package dev.penstock.simulator.answer;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Composes an answer in blocks (an opening, then paragraphs, lists and code in Markdown), each a
 * function of the conversation's key and the block's number.
 */
final class Composer {
  /** What follows a beginning that is not one of the answer to its conversation. */
  static final String FOREIGN_BEGINNING =
      "\n\n[The text above is not how this simulated answer began, so another one follows.]\n\n";

  private static final int QUOTED_WORDS = 8;
  private static final int QUOTED_CHARACTERS = 60;
  private static final int CLOSING = -1;
  private static final int THOUGHTS = -2;
  private static final int LENGTH = -3;
  private static final int ORDER = -4;

  /** Most sentences of a paragraph, and the items of a list. */
  private static final int SENTENCES = 5;

  private static final int ITEMS = 3;

  /** Shares no factor with the number of phrases, so that all come before one comes again. */
  private static final int STRIDE = 7;

  private static final Pattern DIRECTIVE = Pattern.compile("\\[\\w+(=\\w*)?]");
  private static final Pattern NOT_WORDS = Pattern.compile("(?:<[^>]*>|[^\\p{L}\\p{N}'’.,?!-])+");

  private final long key;
  private final String asked;
  private final String seen;
  private final int answerNumber;

  Composer(List<PromptMessage> messages, long key) {
    this.key = key;
    this.asked =
        messages.reversed().stream()
            .filter(message -> message.isFrom("user"))
            .findFirst()
            .map(PromptMessage::content)
            .orElse("");
    this.seen = messages.isEmpty() ? "" : seen(messages.getLast());
    this.answerNumber =
        (int) messages.stream().filter(message -> message.isFrom("assistant")).count() + 1;
  }

  /** How many blocks an answer has that nobody asked a length of. */
  int naturalBlocks() {
    return 3 + Dice.of(key, LENGTH).below(2);
  }

  /** Block {@code number}, from 0; all but the first begin with an empty line. */
  String block(int number) {
    var dice = Dice.of(key, number);
    if (number == 0) {
      return seen + dice.pick(Phrases.OPENINGS).formatted(quote(), ordinal());
    }
    if (special(dice, number, "list", 0)) {
      return "\n\n" + list(dice, number);
    }
    if (special(dice, number, "code", 1)) {
      return "\n\n" + dice.pick(Phrases.CODE_INTRODUCTIONS) + "\n\n" + dice.pick(Phrases.CODE);
    }
    return "\n\n" + paragraph(dice, number);
  }

  /** Whether block {@code number} is of that kind: at once if asked for, else now and then. */
  private boolean special(Dice dice, int number, String kind, int parity) {
    return number == 1 ? asked.contains(kind) : number % 2 == parity && dice.below(5) < 2;
  }

  /** The last block of an answer that nobody asked a length of. */
  String closing() {
    return "\n\n" + Dice.of(key, CLOSING).pick(Phrases.CLOSINGS);
  }

  /** What a thinking model thinks first. */
  String thoughts() {
    return Dice.of(key, THOUGHTS).pick(Phrases.THOUGHTS).formatted(quote());
  }

  /** What the last message brought beside a question. */
  private static String seen(PromptMessage last) {
    if (last.isFrom("tool")) {
      var told = last.content().substring(0, cut(last.content(), QUOTED_CHARACTERS));
      return "The tool says “" + told.strip() + "”. ";
    }
    return last.pictures() == 0
        ? ""
        : "I see %d picture(s) of %d bytes. ".formatted(last.pictures(), last.pictureBytes());
  }

  private String paragraph(Dice dice, int number) {
    return String.join(" ", next(Phrases.SENTENCES, number * SENTENCES, 3 + dice.below(3)));
  }

  private String list(Dice dice, int number) {
    return dice.pick(Phrases.ITEM_INTRODUCTIONS)
        + "\n\n- "
        + String.join("\n- ", next(Phrases.ITEMS, number * ITEMS, ITEMS));
  }

  /** Phrases that no neighbouring block of this answer has, in an order of the conversation's. */
  private List<String> next(List<String> phrases, int from, int count) {
    var start = Dice.of(key, ORDER).below(phrases.size());
    return IntStream.range(from, from + count)
        .mapToObj(i -> phrases.get(Math.floorMod(start + i * STRIDE, phrases.size())))
        .toList();
  }

  private String ordinal() {
    return answerNumber <= Phrases.ORDINALS.size()
        ? Phrases.ORDINALS.get(answerNumber - 1)
        : "latest";
  }

  /** The question's first words, without what Markdown or HTML would take for its own. */
  private String quote() {
    var words =
        NOT_WORDS
            .splitAsStream(DIRECTIVE.matcher(asked.substring(0, cut(asked, 1000))).replaceAll(" "))
            .filter(word -> !word.isEmpty())
            .limit(QUOTED_WORDS + 1L)
            .toList();
    var text = String.join(" ", words.subList(0, Math.min(QUOTED_WORDS, words.size())));
    var shown = text.substring(0, cut(text, QUOTED_CHARACTERS));
    var whole = words.size() <= QUOTED_WORDS && shown.length() == text.length();
    return shown.isEmpty()
        ? "…"
        : whole ? shown : shown.replaceFirst("[^\\p{L}\\p{N}]+$", "") + " …";
  }

  /** At most {@code most}, and not inside a surrogate pair. */
  private static int cut(String text, int most) {
    if (text.length() <= most) {
      return text.length();
    }
    return Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
  }
}
