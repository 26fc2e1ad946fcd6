package dev.penstock.kit.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One span per request, from its head to the last byte of its response, so that a stream's span is
 * as long as the stream. The query is never part of it: clients put keys there.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/http/http-spans/">HTTP spans</a>
 */
final class ServerSpans {
  /** Tells a client which trace to look for; sent where the request is sampled. */
  static final String TRACE_ID_HEADER = "x-trace-id";

  private static final Set<String> PROBES = Set.of("/health", "/livez", "/readyz", "/metrics");
  private static final int MAX_TEXT = 256;
  private static final Set<HttpMethod> KNOWN =
      Set.of(
          HttpMethod.GET,
          HttpMethod.HEAD,
          HttpMethod.POST,
          HttpMethod.PUT,
          HttpMethod.PATCH,
          HttpMethod.DELETE,
          HttpMethod.OPTIONS);

  private final Tracer tracer;
  private final Tracing.Roots roots;

  ServerSpans(Tracer tracer, Tracing.Roots roots) {
    this.tracer = tracer;
    this.roots = roots;
  }

  /** The span of a request that has just come; invalid where it gets none. */
  Span begin(HttpServerRequest request) {
    var parent = TraceContext.of(request.headers());
    if (PROBES.contains(request.path()) || (!brought(parent) && roots == Tracing.Roots.NONE)) {
      return Span.getInvalid();
    }
    var span = start(request, parent);
    if (span.getSpanContext().isSampled()) {
      request.response().putHeader(TRACE_ID_HEADER, span.getSpanContext().getTraceId());
    }
    return span;
  }

  private static boolean brought(Context parent) {
    return Span.fromContext(parent).getSpanContext().isValid();
  }

  private Span start(HttpServerRequest request, Context parent) {
    var builder =
        tracer
            .spanBuilder(name(request.method()))
            .setSpanKind(SpanKind.SERVER)
            .setParent(parent)
            .setAttribute(HttpAttributes.REQUEST_METHOD, method(request.method()))
            .setAttribute(HttpAttributes.URL_SCHEME, request.isSSL() ? "https" : "http")
            .setAttribute(HttpAttributes.URL_PATH, cut(String.valueOf(request.path())))
            .setAttribute(HttpAttributes.PROTOCOL_VERSION, version(request.version()));
    var authority = request.authority();
    if (authority != null) {
      builder.setAttribute(HttpAttributes.SERVER_ADDRESS, cut(authority.host()));
      if (authority.port() > 0) {
        builder.setAttribute(HttpAttributes.SERVER_PORT, (long) authority.port());
      }
    }
    return builder.startSpan();
  }

  /**
   * Ends a request's span.
   *
   * @param route the matched path pattern; null where none matched
   */
  static void end(Span span, HttpServerRequest request, @Nullable String route) {
    var response = request.response();
    if (route != null) {
      span.updateName(name(request.method()) + " " + route);
      span.setAttribute(HttpAttributes.ROUTE, route);
    }
    if (response.headWritten()) {
      var status = response.getStatusCode();
      span.setAttribute(HttpAttributes.RESPONSE_STATUS_CODE, (long) status);
      if (status >= 500) {
        span.setAttribute(HttpAttributes.ERROR_TYPE, Integer.toString(status));
        span.setStatus(StatusCode.ERROR);
      }
    }
    if (!response.ended()) {
      // No error of ours: people close laptops.
      span.addEvent("client_gone");
    }
    span.end();
  }

  private static String name(HttpMethod method) {
    return KNOWN.contains(method) ? method.name() : "HTTP";
  }

  private static String method(HttpMethod method) {
    return KNOWN.contains(method) ? method.name() : "_OTHER";
  }

  private static String version(@Nullable HttpVersion version) {
    return switch (version) {
      case HTTP_2 -> "2";
      case HTTP_1_0 -> "1.0";
      case null, default -> "1.1";
    };
  }

  private static String cut(String text) {
    return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
  }
}
