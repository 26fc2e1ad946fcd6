package dev.penstock.kit.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.util.function.BiConsumer;

/**
 * One request to another service as its caller's trace shows it. Ends once; what is told later has
 * no effect. Safe from any thread.
 */
public final class ClientCall {
  /** A call outside every trace. */
  public static final ClientCall NONE = new ClientCall(Span.getInvalid(), false);

  private final Span span;
  private final boolean own;

  /**
   * @param span of the call, or of its caller where it has none of its own
   */
  ClientCall(Span span, boolean own) {
    this.span = span;
    this.own = own;
  }

  static Span begin(Tracer tracer, Span caller, HttpMethod method, URI address, String target) {
    var port = address.getPort();
    return tracer
        .spanBuilder(method.name() + " " + target)
        .setSpanKind(SpanKind.CLIENT)
        .setParent(Context.root().with(caller))
        .setAttribute(HttpAttributes.REQUEST_METHOD, method.name())
        .setAttribute(HttpAttributes.SERVER_ADDRESS, address.getHost())
        .setAttribute(
            HttpAttributes.SERVER_PORT,
            port >= 0 ? (long) port : "https".equals(address.getScheme()) ? 443L : 80L)
        .startSpan();
  }

  /** Tells the request's headers where in the trace it is. */
  public void putHeaders(BiConsumer<String, String> headers) {
    TraceContext.put(span, headers);
  }

  /** A response head came. */
  public void answered(int status) {
    if (own) {
      span.setAttribute(HttpAttributes.RESPONSE_STATUS_CODE, (long) status);
      if (status >= 400) {
        failed(Integer.toString(status));
      }
    }
  }

  /** It failed; {@code errorType} is one of few words. It has yet to end. */
  public void failed(String errorType) {
    if (own) {
      span.setAttribute(HttpAttributes.ERROR_TYPE, errorType);
      span.setStatus(StatusCode.ERROR);
    }
  }

  /** Something worth knowing happened. */
  public void event(String name) {
    if (own) {
      span.addEvent(name);
    }
  }

  /** The last byte of the response came, or will not. */
  public void end() {
    if (own) {
      span.end();
    }
  }
}
