package dev.penstock.session.items;

import dev.penstock.contracts.session.Item;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.OnVirtualThread;
import dev.penstock.session.turns.StoredMessages;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** {@code /sessions/{id}/items}, {@code /turns/{id}/inputs} and {@code /messages/{id}}. */
public final class ItemRoutes {
  private static final int MAX_ADDED = 20;

  private final ItemLists lists;
  private final Additions additions;
  private final Removals removals;

  public ItemRoutes(TenantDatabase foreground) {
    this.lists = new ItemLists(foreground);
    this.additions = new Additions(foreground);
    this.removals = new Removals(foreground);
  }

  /** Mounts the routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.get("/sessions/:id/items").handler(new OnVirtualThread(this::list));
    router.post("/sessions/:id/items").handler(body).handler(new OnVirtualThread(this::add));
    router.delete("/sessions/:id/items").handler(new OnVirtualThread(this::remove));
    router.get("/turns/:id/inputs").handler(new OnVirtualThread(this::inputs));
    router.get("/messages/:id").handler(new OnVirtualThread(this::show));
  }

  private void list(RoutingContext ctx) {
    Bodies.answer(ctx, 200, lists.page(Caller.of(ctx), id(ctx), ItemQuery.of(ctx)));
  }

  private void add(RoutingContext ctx) {
    var append = Bodies.read(ctx, Item.Append.class);
    var drafts = append.messages();
    if (drafts.isEmpty() || drafts.size() > MAX_ADDED) {
      throw Bodies.invalid("messages must be 1 to " + MAX_ADDED + ".");
    }
    StoredMessages.require(drafts);
    Bodies.answer(ctx, 200, additions.add(Caller.of(ctx), id(ctx), append));
  }

  private void remove(RoutingContext ctx) {
    var place =
        ItemPlace.of(ctx.request().getParam("message"), ctx.request().getParam("call"))
            .orElseThrow(() -> Bodies.invalid("message or call must name what goes."));
    Bodies.answer(ctx, 200, removals.remove(Caller.of(ctx), id(ctx), place));
  }

  private void inputs(RoutingContext ctx) {
    Bodies.answer(ctx, 200, lists.inputs(Caller.of(ctx), id(ctx)));
  }

  private void show(RoutingContext ctx) {
    Bodies.answer(ctx, 200, lists.show(Caller.of(ctx), id(ctx)));
  }

  private static UUID id(RoutingContext ctx) {
    return Bodies.id(ctx.pathParam("id"), "id");
  }
}
