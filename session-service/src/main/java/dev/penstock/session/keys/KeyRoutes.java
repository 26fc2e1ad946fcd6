package dev.penstock.session.keys;

import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.OnVirtualThread;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /keys/{id}}. Nothing here makes, lists or revokes keys: an operator does that in the
 * database, so that whoever reaches this service cannot.
 */
public final class KeyRoutes {
  private final Keys keys;

  public KeyRoutes(Keys keys) {
    this.keys = keys;
  }

  /** Mounts the route. */
  public void mount(Router router) {
    router.get("/keys/:id").handler(new OnVirtualThread(this::show));
  }

  private void show(RoutingContext ctx) {
    Bodies.answer(ctx, 200, keys.find(ctx.pathParam("id")).orElseThrow(Bodies::notFound));
  }
}
