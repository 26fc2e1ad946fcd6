package dev.penstock.session.leases;

import dev.penstock.contracts.session.Renewal;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.OnVirtualThread;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** {@code PUT} and {@code DELETE /instances/{id}/lease}. */
public final class LeaseRoutes {
  private LeaseRoutes() {}

  /** Mounts the routes. */
  public static void mount(Router router, Handler<RoutingContext> body, Leases leases) {
    router
        .put("/instances/:id/lease")
        .handler(body)
        .handler(
            new OnVirtualThread(
                ctx ->
                    Bodies.answer(
                        ctx, 200, leases.renew(id(ctx), Bodies.read(ctx, Renewal.class)))));
    router
        .delete("/instances/:id/lease")
        .handler(
            new OnVirtualThread(
                ctx -> {
                  leases.release(id(ctx));
                  Bodies.answerNothing(ctx);
                }));
  }

  private static UUID id(RoutingContext ctx) {
    return Bodies.id(ctx.pathParam("id"), "id");
  }
}
