package dev.penstock.gateway.adk;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.edge.ResponseSocket;
import dev.penstock.gateway.metrics.StreamMeter;
import dev.penstock.gateway.turns.CredentialEnd;
import dev.penstock.gateway.turns.TurnEnd;
import dev.penstock.gateway.turns.TurnFeed;
import dev.penstock.gateway.turns.TurnText;
import dev.penstock.gateway.turns.Turns;
import dev.penstock.gateway.turns.TurnsConfig;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * One run as a stream of events: partial ones where they are wanted, then the stored answer as one
 * final event, then the end (adk-api.md section 5).
 *
 * <p>Each event is one write. A client that reads slowly finds the text that came meanwhile in one
 * partial event instead of many; one that reads nothing at all is cut off. Confined to the event
 * loop of its connection.
 */
final class RunStream implements TurnText.Reader {
  /** With one partial event beyond it, what waits in our buffers. */
  private static final int MAX_UNSENT_BYTES = 8 * 1024;

  private static final int SOCKET_BYTES = 32 * 1024;

  /** The session has the answer, for whoever comes with another credential. */
  private static final Failure EXPIRED =
      Failure.of(
          FailureCode.UNAUTHENTICATED, "The credential has expired; look at the session again.");

  private enum Phase {
    HELD,
    OPEN,
    ENDING,
    DONE
  }

  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final TurnsConfig config;
  private final EventLines lines;
  private final boolean partials;
  private final String app;
  private final Supplier<Future<Turn>> stored;
  private final TurnText text;
  private final StreamMeter measured;
  private Phase phase = Phase.HELD;
  private int unsentBytes;
  private int ticksLeft;
  private int silentTicks;
  private int stalledTicks;

  /**
   * A reader of {@code feed} from now on, which writes nothing before {@link #open}.
   *
   * @param stored the turn, once its end is committed
   */
  RunStream(
      Turns turns,
      TurnsConfig config,
      TurnFeed feed,
      HttpServerRequest request,
      CredentialEnd credential,
      String app,
      boolean partials,
      Supplier<Future<Turn>> stored) {
    this.request = request;
    this.ticksLeft = credential.ticks();
    this.response = request.response();
    this.config = config;
    this.lines = new EventLines(feed.head().id(), app);
    this.partials = partials;
    this.app = app;
    this.stored = stored;
    this.measured = turns.stream(request);
    this.text = turns.text(feed, this);
    ResponseSocket.boundSendBuffer(request, SOCKET_BYTES);
    response.exceptionHandler(_ -> leave());
    response.closeHandler(_ -> leave());
    if (response.closed()) {
      leave(); // no handler will tell that it left
    }
  }

  /** Writes the head and what there is. */
  void open() {
    if (phase != Phase.HELD) {
      return;
    }
    phase = Phase.OPEN;
    head(response);
    changed();
    if (phase == Phase.OPEN && !response.headWritten()) {
      signOfLife();
    }
  }

  /** The head of a stream of events. */
  static void head(HttpServerResponse response) {
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader("X-Accel-Buffering", "no");
  }

  /** Stops being a reader without having written anything. */
  void dismiss() {
    leave();
  }

  @Override
  public void changed() {
    if (phase != Phase.OPEN) {
      return;
    }
    var end = text.end();
    if (partials) {
      measured.arrived();
    }
    while (partials && !isBlocked() && text.next(this::partial)) {
      // each piece is an event
    }
    measured.settled();
    if (end != null && !isBlocked()) {
      phase = Phase.ENDING;
      end(end);
    }
  }

  private void partial(byte[] utf8, int from, int to) {
    write(lines.partial(utf8, from, to, Instant.now()));
  }

  private void end(TurnEnd end) {
    switch (end) {
      case TurnEnd.Committed _ ->
          stored
              .get()
              .onSuccess(turn -> last(finalEvent(turn, app)))
              .onFailure(cause -> last(EventLines.error(failure(cause), Instant.now())));
      case TurnEnd.SentAway(var reason) ->
          last(EventLines.error(RunAnswer.sentAway(reason), Instant.now()));
    }
  }

  /** The stored turn's event; what failed without a word is told as an error alone. */
  static Buffer finalEvent(Turn turn, String app) {
    var error = turn.error();
    return RunAnswer.failedSilently(turn) && error != null
        ? EventLines.error(
            new Failure(error.code(), error.detail(), error.retryable(), null), Instant.now())
        : EventLines.event(EventJson.of(Finished.of(turn), app));
  }

  private static Failure failure(Throwable cause) {
    return cause instanceof FailureException known
        ? known.failure()
        : Failure.of(FailureCode.INTERNAL, FailureCode.INTERNAL.title());
  }

  private void last(Buffer event) {
    if (phase == Phase.ENDING) {
      var length = event.length();
      var ended = response.end(event);
      measured.wroteAside(length); // it had to be fetched from the store
      unsent(ended, Math.max(1, length));
    }
  }

  private void write(Buffer event) {
    var length = event.length();
    send(event);
    measured.wrote(length);
    if (isBlocked()) {
      measured.stopped();
    }
  }

  private void signOfLife() {
    var out = Buffer.buffer(":\n");
    var length = out.length();
    send(out);
    measured.wroteAside(length);
  }

  private void send(Buffer event) {
    silentTicks = 0;
    unsent(response.write(event), event.length());
  }

  private void unsent(Future<Void> written, int bytes) {
    if (!written.isComplete()) {
      unsentBytes += bytes;
      written.onComplete(_ -> sent(bytes));
    } else if (response.ended()) {
      leave();
    }
  }

  private void sent(int bytes) {
    unsentBytes -= bytes;
    stalledTicks = 0;
    if (response.ended()) {
      leave();
    } else if (!isBlocked()) {
      measured.flows("client");
      text.changed(); // not at once: this may be called from within a write
    }
  }

  private boolean isBlocked() {
    return unsentBytes >= MAX_UNSENT_BYTES;
  }

  @Override
  public void tick() {
    if (--ticksLeft <= 0 && phase == Phase.OPEN) {
      phase = Phase.ENDING;
      last(EventLines.error(EXPIRED, Instant.now()));
    } else if (unsentBytes > 0) {
      if (++stalledTicks * TurnText.TICK.toMillis() >= config.stall().toMillis()) {
        ResponseSocket.cut(request);
        leave();
      }
    } else if (phase == Phase.OPEN
        && ++silentTicks * TurnText.TICK.toMillis() >= config.keepAlive().toMillis()) {
      signOfLife();
    }
  }

  private void leave() {
    phase = Phase.DONE;
    measured.close();
    text.close();
  }
}
