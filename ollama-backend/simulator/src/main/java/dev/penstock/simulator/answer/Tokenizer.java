package dev.penstock.simulator.answer;

import java.util.ArrayList;
import java.util.List;

/**
 * Cuts text into pieces that look like a model's tokens: a word with the space before it, a part of
 * a long word, a sign, a run of line breaks. The pieces put together are the text.
 */
final class Tokenizer {
  private static final int LONGEST_PIECE = 7;

  private Tokenizer() {}

  static List<String> tokens(String text) {
    var tokens = new ArrayList<String>(text.length() / 4 + 1);
    var at = 0;
    while (at < text.length()) {
      var end = end(text, at);
      tokens.add(text.substring(at, end));
      at = end;
    }
    return tokens;
  }

  private static int end(String text, int start) {
    var at = start;
    if (text.charAt(at) == '\n') {
      return runEnd(text, at, '\n');
    }
    if (text.charAt(at) == ' ') {
      var spaces = runEnd(text, at, ' ');
      if (spaces - at > 1) {
        return spaces - 1;
      }
      at = spaces;
      if (at == text.length() || text.charAt(at) == '\n') {
        return at;
      }
    }
    var letters = at;
    while (letters < text.length() && letters - at < LONGEST_PIECE && isWord(text, letters)) {
      letters += Character.charCount(text.codePointAt(letters));
    }
    return letters > at ? letters : at + Character.charCount(text.codePointAt(at));
  }

  private static boolean isWord(String text, int at) {
    return Character.isLetterOrDigit(text.codePointAt(at));
  }

  private static int runEnd(String text, int start, char same) {
    var at = start;
    while (at < text.length() && text.charAt(at) == same) {
      at++;
    }
    return at;
  }
}
