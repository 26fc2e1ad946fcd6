package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/**
 * Sessions: create, read, list, change, delete, and cancel the run of one (adk-api.md section 3).
 * Apps are not looked up: any pair of app and user is a name space of its own.
 */
final class SessionRoutes {
  static final String SESSIONS = "/apps/:app/users/:user/sessions";
  static final String SESSION = SESSIONS + "/:session";
  private static final String CANCEL = ":cancel";

  private final SessionStore store;
  private final Turns turns;
  private final Apps apps;

  SessionRoutes(SessionStore store, Turns turns, Apps apps) {
    this.store = store;
    this.turns = turns;
    this.apps = apps;
  }

  void mount(Router router, Handler<RoutingContext> body) {
    router.post(SESSIONS).handler(body).handler(this::create);
    router.get(SESSIONS).handler(this::list);
    router.post(SESSION).handler(body).handler(this::named);
    router.get(SESSION).handler(this::show);
    router.patch(SESSION).handler(body).handler(this::change);
    router.delete(SESSION).handler(this::delete);
  }

  private void create(RoutingContext ctx) {
    create(ctx, SessionRequest.of(body(ctx)));
  }

  private void named(RoutingContext ctx) {
    var id = ctx.pathParam("session");
    if (id.endsWith(CANCEL)) {
      cancel(ctx, id.substring(0, id.length() - CANCEL.length()));
    } else {
      create(ctx, SessionRequest.of(id, body(ctx)));
    }
  }

  private void create(RoutingContext ctx, SessionRequest request) {
    var key = key(ctx, request.id());
    var agent = apps.agents().find(key.app()).isPresent() ? key.app() : null;
    store
        .createAgentSession(
            Caller.of(ctx),
            new AgentSession.Create(
                key, agent, Sessions.title(request.state()), request.state(), request.events()))
        .onSuccess(
            created -> {
              if (created.existed()) {
                ctx.fail(new AdkException(409, "Session already exists: " + key.id()));
              } else {
                Replies.send(ctx, SessionJson.of(created.session()));
              }
            })
        .onFailure(ctx::fail);
  }

  private void list(RoutingContext ctx) {
    store
        .agentSessions(Caller.of(ctx), ctx.pathParam("app"), ctx.pathParam("user"))
        .onSuccess(
            page -> {
              var list = JsonNodeFactory.instance.arrayNode();
              page.data().forEach(session -> list.add(SessionJson.of(session)));
              Replies.send(ctx, list);
            })
        .onFailure(ctx::fail);
  }

  private void show(RoutingContext ctx) {
    store
        .agentSession(Caller.of(ctx), key(ctx), true)
        .onSuccess(session -> Replies.send(ctx, SessionJson.of(session)))
        .onFailure(cause -> fail(ctx, cause));
  }

  private void change(RoutingContext ctx) {
    var delta = Fields.read(body(ctx), in -> in.requiredMap("stateDelta"));
    var change =
        new AgentSession.Change(
            key(ctx), Sessions.title(delta), delta, EventJson.change(Sessions.lasting(delta)));
    store
        .changeAgentSession(Caller.of(ctx), change)
        .onSuccess(session -> Replies.send(ctx, SessionJson.of(session)))
        .onFailure(cause -> fail(ctx, cause));
  }

  /** Twice is once, and what there never was is gone too. */
  private void delete(RoutingContext ctx) {
    var caller = Caller.of(ctx);
    store
        .agentSession(caller, key(ctx), false)
        .compose(session -> store.delete(caller, session.id()))
        .recover(
            cause ->
                Sessions.isUnknown(cause) ? Future.succeededFuture() : Future.failedFuture(cause))
        .onSuccess(_ -> Replies.done(ctx))
        .onFailure(ctx::fail);
  }

  private void cancel(RoutingContext ctx, String id) {
    var caller = Caller.of(ctx);
    store
        .agentSession(caller, key(ctx, id), false)
        .compose(
            session ->
                session.activeTurnId() == null
                    ? Future.failedFuture(noRun(id))
                    : store.turn(caller, session.activeTurnId()))
        .compose(turn -> cancel(caller, turn, id))
        .onSuccess(
            _ ->
                Replies.send(
                    ctx,
                    JsonNodeFactory.instance
                        .objectNode()
                        .put("status", "cancelled")
                        .put("session_id", id)))
        .onFailure(cause -> ctx.fail(Sessions.isUnknown(cause) ? noRun(id) : cause));
  }

  private Future<Turn> cancel(Caller caller, Turn turn, String id) {
    return turn.cancelRequested() || turn.state().isFinal()
        ? Future.failedFuture(noRun(id))
        : turns.cancel(caller, turn.id());
  }

  private static AdkException noRun(String id) {
    return new AdkException(404, "No active run found for session '" + id + "'");
  }

  private static void fail(RoutingContext ctx, Throwable cause) {
    ctx.fail(Sessions.isUnknown(cause) ? AdkException.noSession() : cause);
  }

  private static AgentSession.Key key(RoutingContext ctx) {
    return key(ctx, ctx.pathParam("session"));
  }

  private static AgentSession.Key key(RoutingContext ctx, String id) {
    return new AgentSession.Key(
        Objects.requireNonNull(ctx.pathParam("app")),
        Objects.requireNonNull(ctx.pathParam("user")),
        id);
  }

  private static JsonNode body(RoutingContext ctx) {
    var body = ctx.body().buffer();
    return body == null || body.length() == 0 ? NullNode.getInstance() : Fields.parse(body);
  }
}
