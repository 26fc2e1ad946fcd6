package dev.penstock.session.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Session;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.OnVirtualThread;
import dev.penstock.session.http.PageQuery;
import dev.penstock.session.turns.StoredMessages;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** {@code /sessions} and what is below it. */
public final class SessionRoutes {
  private static final int SESSIONS_PER_PAGE = 20;
  private static final int ENTRIES_PER_PAGE = 50;

  private final Sessions sessions;
  private final SessionLists lists;
  private final SessionChanges changes;
  private final SessionExport export;

  public SessionRoutes(TenantDatabase foreground) {
    this.sessions = new Sessions(foreground);
    this.lists = new SessionLists(foreground);
    this.changes = new SessionChanges(foreground);
    this.export = new SessionExport(foreground, sessions);
  }

  /** Mounts the routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.post("/sessions").handler(body).handler(new OnVirtualThread(this::create));
    router.get("/sessions").handler(new OnVirtualThread(this::list));
    router.get("/sessions/:id").handler(new OnVirtualThread(this::show));
    router.patch("/sessions/:id").handler(body).handler(new OnVirtualThread(this::patch));
    router
        .put("/sessions/:id/metadata")
        .handler(body)
        .handler(new OnVirtualThread(this::putMetadata));
    router.delete("/sessions/:id").handler(new OnVirtualThread(this::delete));
    router.get("/sessions/:id/messages").handler(new OnVirtualThread(this::messages));
    router.get("/sessions/:id/turns").handler(new OnVirtualThread(this::turns));
    router
        .get("/sessions/:id/export")
        .handler(new OnVirtualThread(ctx -> export.write(Caller.of(ctx), id(ctx), ctx.response())));
  }

  private void create(RoutingContext ctx) {
    var create = Bodies.read(ctx, Session.Create.class);
    StoredMessages.require(create.messages());
    var created = sessions.create(Caller.of(ctx), create);
    Bodies.answer(ctx, created.replayed() ? 200 : 201, created);
  }

  private void list(RoutingContext ctx) {
    var page = PageQuery.of(ctx, SESSIONS_PER_PAGE);
    Bodies.answer(ctx, 200, lists.sessions(Caller.of(ctx), page, ctx.request().getParam("user")));
  }

  private void show(RoutingContext ctx) {
    Bodies.answer(ctx, 200, sessions.show(Caller.of(ctx), id(ctx)));
  }

  private void patch(RoutingContext ctx) {
    var patch = Bodies.read(ctx, JsonNode.class);
    var ifMatch = ctx.request().getHeader("If-Match");
    Bodies.answer(ctx, 200, changes.patch(Caller.of(ctx), id(ctx), patch, ifMatch));
  }

  private void putMetadata(RoutingContext ctx) {
    var metadata = SessionPatch.metadata(Bodies.read(ctx, ObjectNode.class));
    Bodies.answer(ctx, 200, changes.putMetadata(Caller.of(ctx), id(ctx), metadata));
  }

  private void delete(RoutingContext ctx) {
    changes.delete(Caller.of(ctx), id(ctx));
    Bodies.answerNothing(ctx);
  }

  private void messages(RoutingContext ctx) {
    var page = PageQuery.of(ctx, ENTRIES_PER_PAGE);
    Bodies.answer(ctx, 200, lists.messages(Caller.of(ctx), id(ctx), page));
  }

  private void turns(RoutingContext ctx) {
    var page = PageQuery.of(ctx, ENTRIES_PER_PAGE);
    Bodies.answer(ctx, 200, lists.turns(Caller.of(ctx), id(ctx), page));
  }

  private static UUID id(RoutingContext ctx) {
    return Bodies.id(ctx.pathParam("id"), "id");
  }
}
