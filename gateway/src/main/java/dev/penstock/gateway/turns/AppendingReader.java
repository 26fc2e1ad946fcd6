package dev.penstock.gateway.turns;

import dev.penstock.gateway.metrics.StreamMeter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import org.jspecify.annotations.Nullable;

/**
 * A reader that is only ever told more: one event per stored delta, never ahead of what every later
 * attempt builds on (turns.md T-30). Where it could go on only by taking something back, and where
 * a native reader is asked to come back, its connection is cut: a clean end would pass for a whole
 * answer.
 */
final class AppendingReader extends TurnReader {
  private final AppendingEncoder encoder;
  private int next;
  private int toldSeq;
  private boolean resumed;
  private @Nullable Edition seen;

  /**
   * @param first number of the first event it is to get
   */
  AppendingReader(
      TurnLoop loop,
      TurnsConfig config,
      TurnFeed feed,
      AppendingEncoder encoder,
      int first,
      HttpServerRequest request,
      CredentialEnd end,
      StreamMeter measured) {
    super(loop, config, feed, request, end, measured);
    this.resumed = first > 0;
    this.encoder = encoder;
    this.next = first;
  }

  @Override
  public boolean readsConfirmed() {
    return true;
  }

  @Override
  void read(Edition edition) {
    if (!edition.equals(seen)) {
      if (takesBack(edition)) {
        cut();
        return;
      }
      seen = edition;
    }
    if (resumed) {
      resumed = false;
      measured().resumes(!edition.transcript().ended(), 0);
    }
    var log = TranscriptView.of(edition, feed().confirmed());
    toldSeq = Math.max(toldSeq, log.until());
    tell(log);
  }

  private boolean takesBack(Edition edition) {
    if (edition.condensed()) {
      return next > 0; // its events have other numbers
    }
    return seen != null && toldSeq > edition.bases().limit(seen.attempt());
  }

  private void tell(LogView log) {
    while (!blocked() && isOpen()) {
      var out = Buffer.buffer(256);
      var more = true;
      while (more && out.length() < BATCH_BYTES) {
        more = encoder.append(out, next, log);
        next += more ? 1 : 0;
      }
      if (!more && log.terminal() != null) {
        end(out);
      } else if (out.length() > 0) {
        send(out);
      }
      if (!more) {
        return;
      }
    }
  }

  @Override
  void sendAway(ReconnectReason reason) {
    cut();
  }

  @Override
  Buffer keepAlive() {
    return encoder.keepAlive();
  }
}
