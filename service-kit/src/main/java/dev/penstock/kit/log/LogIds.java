package dev.penstock.kit.log;

import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the ids of a request and its place in a trace beside what is logged.
 *
 * <p>They stand beside the lines of one call, on its own thread, and are gone when it returns: an
 * event loop serves other requests in the next moment.
 */
public final class LogIds {
  static final String REQUEST = "request_id";
  static final String TRACE = "trace_id";
  static final String SPAN = "span_id";
  static final String SAMPLED = "trace_sampled";

  private LogIds() {}

  /** Logs about a request. */
  public static void of(RoutingContext ctx, Runnable log) {
    with(RequestId.of(ctx), Tracing.of(ctx), log);
  }

  /** Logs about what a span is of. */
  public static void of(Span span, Runnable log) {
    with(null, span, log);
  }

  private static void with(@Nullable String request, Span span, Runnable log) {
    var context = span.getSpanContext();
    try {
      if (request != null) {
        MDC.put(REQUEST, request);
      }
      if (context.isValid()) {
        MDC.put(TRACE, context.getTraceId());
        MDC.put(SPAN, context.getSpanId());
        MDC.put(SAMPLED, Boolean.toString(context.isSampled()));
      }
      log.run();
    } finally {
      MDC.remove(REQUEST);
      MDC.remove(TRACE);
      MDC.remove(SPAN);
      MDC.remove(SAMPLED);
    }
  }
}
