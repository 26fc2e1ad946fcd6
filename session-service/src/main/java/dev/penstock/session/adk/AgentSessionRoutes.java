package dev.penstock.session.adk;

import dev.penstock.contracts.session.AgentSession;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Bodies;
import dev.penstock.session.http.Caller;
import dev.penstock.session.http.OnVirtualThread;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code /agent-sessions}. App, user and id are opaque texts and so never part of a path. What a
 * session is deleted and its turn cancelled by is its own id, at {@code /sessions} and {@code
 * /turns}.
 */
public final class AgentSessionRoutes {
  private final AgentSessions sessions;

  public AgentSessionRoutes(TenantDatabase foreground) {
    this.sessions = new AgentSessions(foreground);
  }

  /** Mounts the routes. */
  public void mount(Router router, Handler<RoutingContext> body) {
    router.post("/agent-sessions").handler(body).handler(new OnVirtualThread(this::create));
    router.get("/agent-sessions").handler(new OnVirtualThread(this::list));
    router.patch("/agent-sessions").handler(body).handler(new OnVirtualThread(this::change));
    router.get("/agent-sessions/one").handler(new OnVirtualThread(this::show));
  }

  private void create(RoutingContext ctx) {
    var created = sessions.create(Caller.of(ctx), Bodies.read(ctx, AgentSession.Create.class));
    Bodies.answer(ctx, created.existed() ? 200 : 201, created);
  }

  private void list(RoutingContext ctx) {
    Bodies.answer(
        ctx, 200, sessions.list(Caller.of(ctx), required(ctx, "app"), required(ctx, "user")));
  }

  private void show(RoutingContext ctx) {
    var key =
        new AgentSession.Key(required(ctx, "app"), required(ctx, "user"), required(ctx, "id"));
    var whole = Boolean.parseBoolean(ctx.request().getParam("entries"));
    Bodies.answer(ctx, 200, sessions.show(Caller.of(ctx), key, whole));
  }

  private void change(RoutingContext ctx) {
    Bodies.answer(
        ctx, 200, sessions.change(Caller.of(ctx), Bodies.read(ctx, AgentSession.Change.class)));
  }

  private static String required(RoutingContext ctx, String name) {
    var value = ctx.request().getParam(name);
    if (value == null) {
      throw Bodies.invalid(name + " is missing.");
    }
    return value;
  }
}
