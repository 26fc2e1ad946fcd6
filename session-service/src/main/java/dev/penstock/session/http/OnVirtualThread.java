package dev.penstock.session.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;

/**
 * Runs a blocking handler on a virtual thread of its own, once the body is there. The event loop
 * only reads requests and writes answers: a verticle on virtual threads would start one for every
 * piece of a request.
 *
 * @param handler may block; what it throws fails the request
 */
public record OnVirtualThread(Handler<RoutingContext> handler) implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext ctx) {
    var loop = ctx.vertx().getOrCreateContext();
    Thread.startVirtualThread(
        () -> {
          try {
            handler.handle(ctx);
          } catch (Throwable failure) {
            // How a problem is told depends on how far the request was read, which only its own
            // event loop knows.
            loop.runOnContext(_ -> ctx.fail(failure));
          }
        });
  }
}
