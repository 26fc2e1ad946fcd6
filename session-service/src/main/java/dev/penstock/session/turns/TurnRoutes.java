package dev.penstock.session.turns;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.OnVirtualThread;
import dev.penstock.session.metrics.TurnMetrics;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** {@code /turns}: accept, show, cancel, delete, assignment, finish. */
public final class TurnRoutes {
  private final Turns turns;
  private final TurnFinisher finisher;
  private final TurnMetrics measured;

  public TurnRoutes(Turns turns, TurnFinisher finisher, TurnMetrics measured) {
    this.turns = turns;
    this.finisher = finisher;
    this.measured = measured;
  }

  /** Mounts the routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.post("/turns").handler(body).handler(new OnVirtualThread(this::accept));
    router.get("/turns/:id").handler(new OnVirtualThread(this::show));
    router.delete("/turns/:id").handler(new OnVirtualThread(this::delete));
    router.post("/turns/:id/cancel").handler(new OnVirtualThread(this::cancel));
    router.get("/turns/:id/assignment").handler(new OnVirtualThread(this::assignment));
    router.post("/turns/:id/finish").handler(body).handler(new OnVirtualThread(this::finish));
  }

  private void accept(RoutingContext ctx) {
    var accept = Bodies.read(ctx, Accept.class);
    if (accept.place() instanceof Accept.Place.OnTurn != accept.input().isEmpty()) {
      throw Bodies.invalid("A turn has input, or is on an earlier one that has.");
    }
    StoredMessages.require(accept.input());
    var caller = Caller.of(ctx);
    Bodies.answer(ctx, 200, measured.accept(() -> turns.accept(caller, accept)));
  }

  private void show(RoutingContext ctx) {
    Bodies.answer(ctx, 200, turns.show(Caller.of(ctx), Bodies.id(ctx.pathParam("id"), "id")));
  }

  private void delete(RoutingContext ctx) {
    turns.delete(Caller.of(ctx), Bodies.id(ctx.pathParam("id"), "id"));
    Bodies.answerNothing(ctx);
  }

  private void cancel(RoutingContext ctx) {
    Bodies.answer(ctx, 200, turns.cancel(Caller.of(ctx), Bodies.id(ctx.pathParam("id"), "id")));
  }

  private void assignment(RoutingContext ctx) {
    var assignment =
        turns.assignment(
            Bodies.id(ctx.pathParam("id"), "id"),
            Bodies.id(ctx.request().getParam("instance"), "instance"));
    Bodies.answer(
        ctx,
        200,
        assignment.orElseThrow(
            () ->
                Failure.of(FailureCode.TURN_IN_PROGRESS, "Another instance owns this turn.")
                    .asException()));
  }

  private void finish(RoutingContext ctx) {
    var id = Bodies.id(ctx.pathParam("id"), "id");
    var finish = Bodies.read(ctx, Finish.class);
    Bodies.answer(ctx, 200, measured.finish(finish, () -> finisher.finish(id, finish)));
  }
}
