package dev.penstock.gateway.ollama;

import dev.penstock.gateway.edge.CallerBodies;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Reads whole bodies whatever their media type says, since {@code curl -d} calls JSON a form and
 * Ollama does not look. Vert.x's own handler would take such a body apart.
 */
final class Bodies implements Handler<RoutingContext> {
  private static final String KEY = Bodies.class.getName();

  private final int maxBytes;

  /**
   * @param maxBytes a longer body is refused with 413
   */
  Bodies(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /** The body of a request that passed this handler; empty where it has none. */
  static Buffer of(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Buffer>get(KEY), "the route reads no body");
  }

  @Override
  public void handle(RoutingContext ctx) {
    var request = ctx.request();
    var bound = CallerBodies.bound(maxBytes, ctx);
    if (declared(request) > bound) {
      ctx.fail(413);
      return;
    }
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
      ctx.response().writeContinue();
    }
    var body = Buffer.buffer();
    request.exceptionHandler(ctx::fail);
    request.handler(
        piece -> {
          body.appendBuffer(piece);
          if (body.length() > bound) {
            request.handler(_ -> {}).endHandler(_ -> {});
            ctx.fail(413);
          }
        });
    request.endHandler(
        _ -> {
          ctx.put(KEY, body);
          ctx.next();
        });
  }

  private static long declared(HttpServerRequest request) {
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null || length.length() > 18 ? 0 : Long.parseLong(length);
  }
}
