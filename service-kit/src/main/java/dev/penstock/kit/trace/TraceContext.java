package dev.penstock.kit.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A place in a trace as others are told of it: the headers {@code traceparent} and {@code
 * tracestate}, and the first of them as text to keep.
 *
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
public final class TraceContext {
  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final String PARENT = "traceparent";

  private static final TextMapGetter<MultiMap> HEADERS =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(MultiMap headers) {
          return headers.names();
        }

        @Override
        public @Nullable String get(@Nullable MultiMap headers, String name) {
          return headers == null ? null : headers.get(name);
        }
      };

  private static final TextMapGetter<Map<String, String>> KEPT =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> kept) {
          return List.of(PARENT);
        }

        @Override
        public @Nullable String get(@Nullable Map<String, String> kept, String name) {
          return kept == null ? null : kept.get(name);
        }
      };

  private TraceContext() {}

  static Context of(MultiMap headers) {
    return W3C.extract(Context.root(), headers, HEADERS);
  }

  /** Tells {@code headers} where in the trace {@code span} is; nothing where it is in none. */
  public static void put(Span span, BiConsumer<String, String> headers) {
    if (span.getSpanContext().isValid()) {
      W3C.inject(
          Context.root().with(span),
          headers,
          (carrier, name, value) -> accept(carrier, name, value));
    }
  }

  private static void accept(
      @Nullable BiConsumer<String, String> headers, String name, String value) {
    if (headers != null) {
      headers.accept(name, value);
    }
  }

  /** A {@code traceparent} of 55 characters, to find this span again; null unless it is sampled. */
  public static @Nullable String text(Span span) {
    var context = span.getSpanContext();
    return context.isValid() && context.isSampled()
        ? "00-" + context.getTraceId() + "-" + context.getSpanId() + "-01"
        : null;
  }

  /** The span that {@link #text} told of; invalid where that is null or malformed. */
  public static SpanContext parse(@Nullable String text) {
    return text == null
        ? SpanContext.getInvalid()
        : Span.fromContext(W3C.extract(Context.root(), Map.of(PARENT, text), KEPT))
            .getSpanContext();
  }
}
