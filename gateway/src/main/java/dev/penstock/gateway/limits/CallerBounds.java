package dev.penstock.gateway.limits;

import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.edge.CallerBodies;
import dev.penstock.gateway.metrics.Dialect;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * What a caller's limits mean to every request: how long its body may be, and, for a POST of
 * OpenAI's or the native dialect, headers that tell what is left. The other dialects know no such
 * headers.
 */
public final class CallerBounds implements Handler<RoutingContext> {
  private final CallerLimits limits;

  /** The bounds of those limits. */
  public CallerBounds(CallerLimits limits) {
    this.limits = limits;
  }

  @Override
  public void handle(RoutingContext ctx) {
    Caller.find(ctx).ifPresent(caller -> bound(ctx, caller));
    ctx.next();
  }

  private void bound(RoutingContext ctx, Caller caller) {
    var bytes = limits.bodyBytes(caller);
    if (bytes != null) {
      CallerBodies.bound(ctx, bytes);
    }
    var request = ctx.request();
    if (request.method().equals(HttpMethod.POST) && isTold(Dialect.ofPath(request.path()))) {
      ctx.addHeadersEndHandler(
          _ -> RateHeaders.tell(ctx.response().headers(), limits.standing(caller)));
    }
  }

  private static boolean isTold(Dialect dialect) {
    return switch (dialect) {
      case NATIVE, OPENAI_CHAT, OPENAI_COMPLETIONS, OPENAI_RESPONSES -> true;
      case GEMINI, OLLAMA, ADK -> false;
    };
  }
}
