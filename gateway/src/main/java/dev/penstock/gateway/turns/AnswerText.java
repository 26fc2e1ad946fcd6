package dev.penstock.gateway.turns;

import dev.penstock.contracts.turn.StorableText;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What a model says becomes the text of a turn here: storable (SSE-10), in events short enough for
 * one each (SSE-11), at most 1 MiB (T-9). Confined to the owner's context.
 */
final class AnswerText {
  /** Most bytes of UTF-8 a turn's text has. */
  static final int MAX_BYTES = 1024 * 1024;

  /** Of one delta: with every byte escaped it still is one event. */
  static final int MAX_DELTA_BYTES = ReaderCursor.MAX_LITERAL_BYTES / 6;

  private final StorableText storable = new StorableText();
  private final Transcript transcript;
  private int deltas;

  AnswerText(Transcript transcript) {
    this.transcript = transcript;
  }

  /** How many events the model's text became so far. */
  int deltas() {
    return deltas;
  }

  /**
   * Appends what can be said of {@code piece} now.
   *
   * @return false if it does not fit; then the text ends with the last scalar value that does
   */
  boolean append(String piece) {
    return write(storable.feed(piece));
  }

  /** Appends what was held back: no piece follows. */
  void end() {
    write(storable.end());
  }

  private boolean write(String text) {
    if (text.isEmpty()) {
      return true;
    }
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    var room = MAX_BYTES - transcript.end(transcript.last());
    var end = TextCut.within(utf8, 0, utf8.length, room);
    for (var from = 0; from < end; ) {
      var to = TextCut.within(utf8, from, end, MAX_DELTA_BYTES);
      transcript.append(utf8, from, to);
      deltas++;
      from = to;
    }
    return end == utf8.length;
  }

  /** SHA-256 of the transcript's text, lower-case hex. */
  static String sha256(byte[] utf8, int length) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      digest.update(utf8, 0, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
