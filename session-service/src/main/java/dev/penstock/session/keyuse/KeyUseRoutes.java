package dev.penstock.session.keyuse;

import dev.penstock.contracts.access.KeyUse;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.OnVirtualThread;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;

/**
 * {@code POST /key-use} for gateways, which count for every tenant; {@code GET /key-use?from&to} in
 * the name of one.
 */
public final class KeyUseRoutes {
  private KeyUseRoutes() {}

  /** Mounts the routes. */
  public static void mount(Router router, Handler<RoutingContext> body, KeyUseBook book) {
    router
        .post("/key-use")
        .handler(body)
        .handler(
            new OnVirtualThread(
                ctx -> {
                  book.add(Bodies.read(ctx, KeyUse.Batch.class));
                  Bodies.answerNothing(ctx);
                }));
    router
        .get("/key-use")
        .handler(
            new OnVirtualThread(
                ctx ->
                    Bodies.answer(
                        ctx,
                        200,
                        book.read(Caller.of(ctx).tenant(), day(ctx, "from"), day(ctx, "to")))));
  }

  /**
   * @throws FailureException {@code invalid_request} if it is no day
   */
  private static LocalDate day(RoutingContext ctx, String name) {
    var text = ctx.request().getParam(name);
    try {
      if (text != null) {
        return LocalDate.parse(text);
      }
    } catch (DateTimeParseException e) {
      // falls through to the same sentence
    }
    throw Bodies.invalid(name + " must be a day such as 2026-11-21.");
  }
}
