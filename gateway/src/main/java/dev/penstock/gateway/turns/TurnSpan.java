package dev.penstock.gateway.turns;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.kit.trace.TraceContext;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * The span of one attempt at a turn on the instance that owns it: from before its accept to the
 * commit of its end, however long its request lasts. The generation is below it, on the proxy; what
 * happens to its readers is told here. Safe from any thread.
 */
public final class TurnSpan {
  private static final AttributeKey<String> TURN = AttributeKey.stringKey("penstock.turn.id");
  private static final AttributeKey<String> SESSION =
      AttributeKey.stringKey("gen_ai.conversation.id");
  private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
  private static final AttributeKey<Long> ATTEMPT = AttributeKey.longKey("penstock.turn.attempt");
  private static final AttributeKey<String> STATE = AttributeKey.stringKey("penstock.turn.state");
  private static final AttributeKey<String> ERROR_TYPE = AttributeKey.stringKey("error.type");

  private static final String REPLAYED = "replayed";
  private static final String NOT_OURS = "handed_over";

  private final Span span;

  private TurnSpan(Span span) {
    this.span = span;
  }

  /** Begins at the request that asks for a turn. */
  static Span begin(Tracing tracing, Span request) {
    return start(tracing, request.getSpanContext());
  }

  /** Begins at another instance's attempt, to go on in its trace. */
  static Span goOn(Tracing tracing, Turn turn) {
    return start(tracing, TraceContext.parse(turn.trace()));
  }

  private static Span start(Tracing tracing, SpanContext parent) {
    return tracing.start("turn", SpanKind.INTERNAL, parent, _ -> {});
  }

  /** The span of that turn, now that it is known. */
  static TurnSpan of(Span span, Turn turn) {
    if (span.isRecording()) {
      span.setAttribute(TURN, turn.id().toString());
      span.setAttribute(MODEL, turn.model());
      span.setAttribute(ATTEMPT, (long) turn.attempt());
      if (turn.sessionId() != null) {
        span.setAttribute(SESSION, turn.sessionId().toString());
      }
    }
    return new TurnSpan(span);
  }

  /** The request found a turn that exists: its story is told where it was begun. */
  static void replayed(Span span, Turn turn) {
    if (span.isRecording()) {
      link(span, turn.trace());
      span.setAttribute(STATE, REPLAYED);
      span.end();
    }
  }

  /** The request led to no turn. */
  static void refused(Span span, Throwable cause) {
    if (span.isRecording()) {
      span.setAttribute(ERROR_TYPE, word(cause));
      span.end();
    }
  }

  /** Ties the span of a request that reads an earlier turn to that turn's. */
  public static void link(RoutingContext ctx, @Nullable String trace) {
    link(Tracing.of(ctx), trace);
  }

  private static void link(Span reader, @Nullable String trace) {
    var turn = TraceContext.parse(trace);
    if (turn.isValid() && !turn.equals(reader.getSpanContext())) {
      reader.addLink(turn);
    }
  }

  private static String word(Throwable cause) {
    return cause instanceof FailureException known
        ? ErrorType.of(known.failure().code(), false)
        : ErrorType.OTHER;
  }

  /** A part of this. */
  Span span() {
    return span;
  }

  void firstToken() {
    span.addEvent("first_token");
  }

  /** Nobody reads it any more; it goes on. */
  void clientGone() {
    span.addEvent("client_gone");
  }

  void clientResumed() {
    span.addEvent("client_resumed");
  }

  /** Its end is known; the commit follows. */
  void ended(TurnOutcome outcome) {
    if (!span.isRecording()) {
      return;
    }
    span.addEvent("generated");
    switch (outcome) {
      case TurnOutcome.Failed failed -> {
        span.setAttribute(STATE, "failed");
        span.setAttribute(
            ERROR_TYPE, ErrorType.of(failed.failure().code(), failed.usage() != null));
        span.setStatus(StatusCode.ERROR);
      }
      case TurnOutcome.Completed _ -> span.setAttribute(STATE, "completed");
      case TurnOutcome.Cancelled _ -> span.setAttribute(STATE, "cancelled");
      case TurnOutcome.Interrupted _ -> span.setAttribute(STATE, "interrupted");
    }
  }

  /** Another instance ends the turn. */
  void handedOver() {
    span.setAttribute(STATE, NOT_OURS);
  }

  /** The end is committed, or another's to commit. */
  void end() {
    span.end();
  }
}
