package dev.penstock.proxy.trace;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.proxy.generation.Setback;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The span of one request to a model server. Nothing here is called for each token but {@link
 * #said}, which does nothing unless the operator wants to see what was said. Confined to the event
 * loop of its generation.
 */
public final class GenerationSpan {
  /** Of a request that is in no trace, or has not been sent. */
  public static final GenerationSpan NONE = new GenerationSpan(Span.getInvalid(), null, null);

  static final String OTHER = ErrorType.OTHER;

  /** Shorter halts are the rhythm of any stream. */
  private static final long WORTH_TELLING_MS = 100;

  /** What an answer adds to a span at most. */
  private static final int MAX_CHARS = 64 * 1024;

  private static final AttributeKey<Long> HALT = AttributeKey.longKey("duration_ms");

  private final Span span;
  private final @Nullable String model;
  private final @Nullable StringBuilder text;
  private boolean begun;
  private boolean over;

  private GenerationSpan(Span span, @Nullable String model, @Nullable StringBuilder text) {
    this.span = span;
    this.model = model;
    this.text = text;
    this.over = model == null;
  }

  /** Tells only where in the trace it is. */
  static GenerationSpan of(Span request) {
    return request.getSpanContext().isValid() ? new GenerationSpan(request, null, null) : NONE;
  }

  static GenerationSpan of(Span span, String model) {
    return new GenerationSpan(span, model, null);
  }

  static GenerationSpan withText(Span span, String model) {
    return new GenerationSpan(span, model, new StringBuilder());
  }

  /** For the headers of its request and the lines of log about it. */
  public Span span() {
    return span;
  }

  /**
   * The first token came.
   *
   * @param afterMs since the prompt was sent
   */
  public void firstToken(long afterMs) {
    if (!over) {
      begun = true;
      span.addEvent("first_token");
      span.setAttribute(GenAi.FIRST_CHUNK, afterMs / 1_000.0);
    }
  }

  /** A piece of the answer. */
  public void said(String piece) {
    if (text != null && text.length() < MAX_CHARS) {
      text.append(piece);
    }
  }

  /** Reading was stopped for so long, since the caller did not keep up, and goes on now. */
  public void halted(long ms) {
    if (!over && ms > WORTH_TELLING_MS) {
      var now = Instant.now();
      span.addEvent("paused", now.minusMillis(ms));
      span.addEvent("resumed", Attributes.of(HALT, ms), now);
    }
  }

  /** The caller left. */
  public void callerLeft() {
    if (!over) {
      span.addEvent("client_gone");
    }
  }

  /** The connection to the model server is closed before its end. */
  public void aborted() {
    if (!over) {
      span.addEvent("upstream_aborted");
    }
  }

  /** The model's own end. */
  public void finished(FinishReason reason, Usage usage) {
    if (over) {
      return;
    }
    var word = reason.name().toLowerCase(Locale.ROOT);
    span.setAttribute(GenAi.FINISH_REASONS, List.of(word));
    used(usage);
    if (text != null) {
      span.setAttribute(GenAi.OUTPUT, MessageContent.answer(text.toString(), word));
    }
  }

  private void used(Usage usage) {
    span.setAttribute(GenAi.INPUT_TOKENS, (long) usage.inputTokens());
    span.setAttribute(GenAi.OUTPUT_TOKENS, (long) usage.outputTokens());
    if (usage.estimated()) {
      span.setAttribute(GenAi.ESTIMATED, true);
    }
    if (usage.cachedTokens() != null) {
      span.setAttribute(GenAi.CACHED_TOKENS, usage.cachedTokens().longValue());
    }
    if (usage.thoughtTokens() != null) {
      span.setAttribute(GenAi.THOUGHT_TOKENS, usage.thoughtTokens().longValue());
    }
  }

  /** It was cut off with so many tokens told; nobody's error. */
  public void cutOff(int outputTokens) {
    if (!over) {
      span.setAttribute(GenAi.OUTPUT_TOKENS, (long) outputTokens);
      span.setAttribute(GenAi.ESTIMATED, true);
    }
  }

  /** The model server did not do what it was asked. */
  public void broke(Setback setback) {
    failed(
        switch (setback.kind()) {
          case UNREACHABLE, LOST -> ErrorType.BACKEND_CONNECT;
          case NO_SLOT -> "queue_full";
          case FAILED, REJECTED -> ErrorType.of(setback.failure().code(), begun);
        });
  }

  /** It was given up. */
  public void failed(FailureCode code) {
    failed(ErrorType.of(code, begun));
  }

  private void failed(String errorType) {
    if (!over) {
      span.setAttribute(GenAi.ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR);
    }
  }

  /** Nothing more will be told. */
  public void end() {
    if (!over && model != null) {
      over = true;
      span.setAttribute(GenAi.RESPONSE_MODEL, model);
      span.end();
    }
  }
}
