package dev.penstock.gateway.edge;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;

/**
 * Reads bodies up to the configured size, or up to what the caller may send where that is less: 413
 * beyond, without reading the rest.
 */
public final class CallerBodies implements Handler<RoutingContext> {
  private static final String KEY = CallerBodies.class.getName();

  private final int maxBytes;
  private final BodyHandler usual;

  /** Bodies of at most {@code maxBytes}. */
  public CallerBodies(int maxBytes) {
    this.maxBytes = maxBytes;
    this.usual = BodyHandler.create(false).setBodyLimit(maxBytes);
  }

  /** From now on the bodies of {@code ctx} are at most that long. */
  public static void bound(RoutingContext ctx, int bytes) {
    ctx.put(KEY, bytes);
  }

  /** The longest body of {@code ctx}, at most {@code most}. */
  public static int bound(int most, RoutingContext ctx) {
    var own = ctx.<Integer>get(KEY);
    return own == null ? most : Math.min(own, most);
  }

  @Override
  public void handle(RoutingContext ctx) {
    var bound = bound(maxBytes, ctx);
    var bodies = bound == maxBytes ? usual : BodyHandler.create(false).setBodyLimit(bound);
    bodies.handle(ctx);
  }
}
