package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Session;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.PathIds;
import dev.penstock.gateway.request.Query;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/sessions}: create, list, read, change, delete (native-api.md section 2). */
public final class SessionRoutes {
  private static final String SESSIONS = "/v1/sessions";
  private static final String SESSION = SESSIONS + "/:session";
  private static final int DEFAULT_LIMIT = 20;

  private final SessionStore store;
  private final Agents agents;
  private final ModelCatalog models;

  public SessionRoutes(SessionStore store, Agents agents, ModelCatalog models) {
    this.store = store;
    this.agents = agents;
    this.models = models;
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.post(SESSIONS).handler(this::create);
    router.get(SESSIONS).handler(this::list);
    router.get(SESSION).handler(this::read);
    router.patch(SESSION).handler(this::patch);
    router.delete(SESSION).handler(this::delete);
  }

  private void create(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var body = Json.body(ctx);
    var key = IdempotencyKey.of(ctx.request());
    var create = SessionBodies.create(body, key.value(), RequestHash.of("POST", SESSIONS, body));
    requireServed(ctx, create.agent(), create.model());
    var caller = Caller.of(ctx);
    store
        .create(caller, ofCaller(create, caller))
        .onSuccess(created -> created(ctx, created))
        .onFailure(ctx::fail);
  }

  private static void created(RoutingContext ctx, Session.Created created) {
    ctx.response().putHeader(HttpHeaders.LOCATION, SESSIONS + "/" + created.session().id());
    if (created.replayed()) {
      ctx.response().putHeader("Idempotency-Replayed", "true");
    }
    Json.send(ctx, 201, created.session());
  }

  private void list(RoutingContext ctx) {
    var query = Query.of(ctx.request(), "limit", "after", "user");
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var page = Paging.of(query, DEFAULT_LIMIT);
    Paging.checked(store.sessions(Caller.of(ctx), page, query.find("user")), page)
        .onSuccess(sessions -> Json.send(ctx, 200, sessions))
        .onFailure(ctx::fail);
  }

  private void read(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var known = EntityTags.of(ctx.request(), "If-None-Match");
    store
        .session(Caller.of(ctx), PathIds.of(ctx, "session"))
        .onSuccess(
            session -> {
              if (known.matchesWeakly(EntityTags.of(session))) {
                unchanged(ctx, session);
              } else {
                Json.send(ctx, 200, session);
              }
            })
        .onFailure(ctx::fail);
  }

  private static void unchanged(RoutingContext ctx, Session session) {
    ctx.response()
        .setStatusCode(304)
        .putHeader(HttpHeaders.ETAG, EntityTags.of(session))
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .end();
  }

  private void patch(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var id = PathIds.of(ctx, "session");
    var patch = SessionBodies.patch(Json.body(ctx));
    requireServed(ctx, text(patch.get("agent")), text(patch.get("model")));
    var caller = Caller.of(ctx);
    condition(ctx, caller)
        .compose(ifMatch -> store.patch(caller, id, patch, ifMatch.orElse(null)))
        .onSuccess(session -> Json.send(ctx, 200, session))
        .onFailure(ctx::fail);
  }

  /** The one tag the store is to compare: of several, the one that holds now. */
  private Future<Optional<String>> condition(RoutingContext ctx, Caller caller) {
    var tags = EntityTags.of(ctx.request(), "If-Match");
    if (tags.isEmpty() || tags.any()) {
      return Future.succeededFuture(Optional.empty());
    }
    return store
        .session(caller, PathIds.of(ctx, "session"))
        .map(
            session -> {
              var current = EntityTags.of(session);
              if (!tags.matchesStrongly(current)) {
                throw Failure.of(
                        FailureCode.VERSION_MISMATCH,
                        "Read the session again and repeat the change on what it is now.")
                    .asException();
              }
              return Optional.of(current);
            });
  }

  private void delete(RoutingContext ctx) {
    Query.of(ctx.request());
    store
        .delete(Caller.of(ctx), PathIds.of(ctx, "session"))
        .onSuccess(_ -> ctx.response().setStatusCode(204).end())
        .onFailure(ctx::fail);
  }

  private void requireServed(RoutingContext ctx, @Nullable String agent, @Nullable String model) {
    if (agent != null && agents.find(agent).isEmpty()) {
      throw Failure.of(FailureCode.AGENT_NOT_FOUND, "GET /v1/agents lists the agents there are.")
          .asException();
    }
    var seen = models.seenBy(Caller.of(ctx).rights().models());
    if (model != null && models.known() && seen.find(model).isEmpty()) {
      throw Failure.of(FailureCode.MODEL_NOT_FOUND, "GET /v1/models lists the models served here.")
          .asException();
    }
  }

  // A person's sessions are their own, whatever the body says.
  private static Session.Create ofCaller(Session.Create create, Caller caller) {
    if (caller.user() == null) {
      return create;
    }
    if (create.user() != null && !Objects.equals(create.user(), caller.user())) {
      throw Failure.of(FailureCode.FORBIDDEN, "A session can only be made for oneself.")
          .asException();
    }
    return new Session.Create(
        create.title(),
        caller.user(),
        create.instruction(),
        create.agent(),
        create.model(),
        create.options(),
        create.metadata(),
        create.clientKey(),
        create.requestHash());
  }

  private static @Nullable String text(@Nullable JsonNode node) {
    return node == null || node.isNull() ? null : node.asText();
  }
}
