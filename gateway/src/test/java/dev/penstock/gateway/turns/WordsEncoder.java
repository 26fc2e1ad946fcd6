package dev.penstock.gateway.turns;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.turn.TerminalEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/** A dialect for tests: one line per event, such as {@code delta 1.3 text}. */
final class WordsEncoder implements TurnEncoder {
  @Override
  public void accepted(Buffer out, TurnHead turn, int attempt) {
    line(out, "accepted " + attempt);
  }

  @Override
  public void queued(Buffer out, QueuePlace place) {
    line(out, "queued " + place.position());
  }

  @Override
  public void delta(
      Buffer out, TurnHead turn, int attempt, int seq, byte[] utf8, int from, int to) {
    line(out, "delta " + attempt + "." + seq + " " + text(utf8, from, to));
  }

  @Override
  public void part(Buffer out, byte[] utf8, int from, int to) {
    line(out, "part " + text(utf8, from, to));
  }

  @Override
  public void snapshot(
      Buffer out,
      TurnHead turn,
      int attempt,
      int seq,
      int current,
      byte[] utf8,
      int to,
      SnapshotReason reason) {
    line(out, "snapshot(" + reason + ") " + attempt + "." + seq + " " + text(utf8, 0, to));
  }

  @Override
  public void terminal(Buffer out, TurnHead turn, int attempt, int seq, TerminalEvent event) {
    line(out, event.eventName() + " " + attempt + "." + seq);
  }

  @Override
  public void reconnect(Buffer out, ReconnectReason reason, long retryAfterMs) {
    line(out, "reconnect " + reason);
  }

  @Override
  public void retry(Buffer out, int millis) {}

  @Override
  public Buffer keepAlive() {
    return Buffer.buffer();
  }

  private static void line(Buffer out, String line) {
    out.appendString(line).appendString("\n");
  }

  private static String text(byte[] utf8, int from, int to) {
    return new String(utf8, from, to - from, StandardCharsets.UTF_8);
  }
}
