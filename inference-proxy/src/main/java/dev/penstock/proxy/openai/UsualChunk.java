package dev.penstock.proxy.openai;

import org.jspecify.annotations.Nullable;

/**
 * Reads the text of a chunk that differs from an earlier one in its text alone, without a JSON
 * parser. Within a stream nearly all do: id, model and order of members stay the same, whatever
 * server wrote them.
 */
final class UsualChunk {
  private @Nullable String before;
  private String after = "";

  /**
   * The text of the chunk, or null if it is not of the form learnt.
   *
   * @param chunk whose text, if any, stands between the learnt parts as it is
   */
  @Nullable String text(String chunk) {
    if (before == null
        || chunk.length() < before.length() + after.length()
        || !chunk.startsWith(before)
        || !chunk.endsWith(after)) {
      return null;
    }
    var from = before.length();
    var to = chunk.length() - after.length();
    return isPlain(chunk, from, to) ? chunk.substring(from, to) : null;
  }

  /** Learns from a chunk that adds the text at {@code [from, to)} and says nothing else. */
  void learn(String chunk, int from, int to) {
    if (isPlain(chunk, from, to)) {
      before = chunk.substring(0, from);
      after = chunk.substring(to);
    }
  }

  /** No escape, no end of the string, no control character, which JSON does not allow. */
  private static boolean isPlain(String chunk, int from, int to) {
    for (var at = from; at < to; at++) {
      var c = chunk.charAt(at);
      if (c == '"' || c == '\\' || c < ' ') {
        return false;
      }
    }
    return true;
  }
}
