package dev.penstock.kit.trace;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.metrics.Metrics;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What makes the spans of one service. Safe from any thread.
 *
 * <p>Spans are handed on as arguments, never through a thread or a context, since one event loop
 * serves many requests in turn. Where tracing is off, nothing is mounted, every span is the one
 * invalid span, and no header is read or written.
 */
public final class Tracing {
  /** No spans. */
  public static final Tracing OFF = new Tracing(null, null);

  private static final String KEY = Tracing.class.getName();

  private final @Nullable Tracer tracer;
  private final @Nullable Exports exports;

  private Tracing(@Nullable Tracer tracer, @Nullable Exports exports) {
    this.tracer = tracer;
    this.exports = exports;
  }

  /** Whose requests begin a trace where they bring none. */
  public enum Roots {
    /** Everybody's: the public edge. */
    ANY_REQUEST,
    /**
     * Nobody's: what a service does by itself, many times a second, is no trace of its own. A
     * request gets a span only where its caller has one.
     */
    NONE
  }

  /**
   * Tracing as the environment says; {@link #OFF} where it names no collector.
   *
   * @param service the name of the service unless the environment gives another
   * @throws dev.penstock.kit.config.ConfigurationException naming the setting that is wrong
   */
  public static Tracing from(Environment environment, String service, Metrics metrics) {
    return TraceConfig.from(environment, service)
        .map(
            config -> {
              var exports = Exports.to(config, service, metrics);
              return new Tracing(exports.tracer("dev.penstock." + service), exports);
            })
        .orElse(OFF);
  }

  /** What {@link #from} reads, the same in every service. */
  public static List<Setting<?>> settings() {
    return TraceConfig.settings();
  }

  /** Whether there is anybody to send spans to. */
  public boolean isOn() {
    return tracer != null;
  }

  /** Gives every request of the router a span; call before any other handler is mounted. */
  public void mount(Router router, Roots roots) {
    if (tracer != null) {
      var spans = new ServerSpans(tracer, roots);
      router.route().handler(ctx -> enter(ctx, router, spans));
    }
  }

  private static void enter(RoutingContext ctx, Router router, ServerSpans spans) {
    if (of(ctx).getSpanContext().isValid()) {
      ctx.next(); // sent on to another route, it comes here twice
      return;
    }
    var span = spans.begin(ctx.request());
    if (span.getSpanContext().isValid()) {
      ctx.put(KEY, span);
    }
    if (span.isRecording()) {
      ctx.addEndHandler(_ -> ServerSpans.end(span, ctx.request(), RoutePattern.of(ctx, router)));
    }
    ctx.next();
  }

  /** The same for a server without a router; {@code next} is handed the request afterwards. */
  public Handler<HttpServerRequest> around(Handler<HttpServerRequest> next, Roots roots) {
    if (tracer == null) {
      return next;
    }
    var spans = new ServerSpans(tracer, roots);
    return request -> {
      var span = spans.begin(request);
      if (span.isRecording()) {
        request.response().endHandler(_ -> ServerSpans.end(span, request, request.path()));
      }
      next.handle(request);
    };
  }

  /** The span of a request; the invalid one where it has none. */
  public static Span of(RoutingContext ctx) {
    @Nullable Span span = ctx.get(KEY);
    return span == null ? Span.getInvalid() : span;
  }

  /**
   * Starts a span as a child of {@code parent}; the invalid span where that is invalid, since only
   * requests begin traces.
   *
   * @param known what is known now, which samplers may look at
   */
  public Span start(String name, SpanKind kind, SpanContext parent, Consumer<SpanBuilder> known) {
    if (tracer == null || !parent.isValid()) {
      return Span.getInvalid();
    }
    var builder =
        tracer
            .spanBuilder(name)
            .setSpanKind(kind)
            .setParent(Context.root().with(Span.wrap(parent)));
    known.accept(builder);
    return builder.startSpan();
  }

  /**
   * A call to another of our services, begun now. It has a span only where its caller has one that
   * is sampled; its headers tell the other service where in the trace it is in any case.
   *
   * @param target path of the route, low in cardinality; becomes the span's name
   */
  public ClientCall call(Span caller, HttpMethod method, URI address, String target) {
    if (tracer == null || !caller.getSpanContext().isValid()) {
      return ClientCall.NONE;
    }
    if (!caller.isRecording()) {
      return new ClientCall(caller, false);
    }
    return new ClientCall(ClientCall.begin(tracer, caller, method, address, target), true);
  }

  /**
   * Sends what has not been sent, within a second, and stops; as the last act of a drain. What
   * cannot be sent in that time is lost.
   */
  public Future<Void> close() {
    return exports == null ? Future.succeededFuture() : exports.close();
  }
}
