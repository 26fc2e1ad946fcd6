package dev.penstock.gateway.nativeapi;

import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.request.PathIds;
import dev.penstock.gateway.request.Query;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;

/** What a session holds: its messages, its turns, all of it as an export. */
public final class HistoryRoutes {
  private static final String SESSION = "/v1/sessions/:session";
  private static final int DEFAULT_LIMIT = 50;

  private final SessionStore store;

  public HistoryRoutes(SessionStore store) {
    this.store = store;
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.get(SESSION + "/messages").handler(this::messages);
    router.get(SESSION + "/turns").handler(this::turns);
    router.get(SESSION + "/export").handler(this::export);
    router.head(SESSION + "/export").handler(this::exportHead);
  }

  private void messages(RoutingContext ctx) {
    var query = Query.of(ctx.request(), "limit", "after", "order");
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var page = Paging.of(query, DEFAULT_LIMIT);
    Paging.checked(store.messages(Caller.of(ctx), PathIds.of(ctx, "session"), page), page)
        .onSuccess(messages -> Json.send(ctx, 200, messages))
        .onFailure(ctx::fail);
  }

  private void turns(RoutingContext ctx) {
    var query = Query.of(ctx.request(), "limit", "after", "order");
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var page = Paging.of(query, DEFAULT_LIMIT);
    Paging.checked(store.turns(Caller.of(ctx), PathIds.of(ctx, "session"), page), page)
        .onSuccess(turns -> Json.send(ctx, 200, TurnJson.page(turns.data(), turns.nextCursor())))
        .onFailure(ctx::fail);
  }

  private void export(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var session = PathIds.of(ctx, "session");
    store
        .export(Caller.of(ctx), session)
        .onSuccess(
            export -> {
              head(ctx, session).setChunked(true);
              new ExportRelay(ctx, export).run();
            })
        .onFailure(ctx::fail);
  }

  // A streamed body cannot be left out afterwards, so the head is answered without one.
  private void exportHead(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var session = PathIds.of(ctx, "session");
    store
        .session(Caller.of(ctx), session)
        .onSuccess(_ -> head(ctx, session).end())
        .onFailure(ctx::fail);
  }

  private static HttpServerResponse head(RoutingContext ctx, UUID session) {
    return ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, Accepts.JSON)
        .putHeader(
            HttpHeaders.CONTENT_DISPOSITION,
            "attachment; filename=\"session-" + session + ".json\"");
  }
}
