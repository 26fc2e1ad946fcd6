package dev.penstock.gateway.page.fake;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The native API (native-api.md) on memory; as much of it as the page uses. */
final class FakeNative {
  private static final Script DEFAULT = Script.answer("Bamboo, mostly.");

  private final Vertx vertx;
  private final FakeGateway gateway;
  private final Map<String, FakeSession> sessions = new LinkedHashMap<>();
  private final Map<String, FakeTurn> turns = new LinkedHashMap<>();
  private final Map<String, Object> byKey = new HashMap<>();
  private int lastId;
  private long clock;

  FakeNative(Vertx vertx, FakeGateway gateway) {
    this.vertx = vertx;
    this.gateway = gateway;
  }

  void mount(Router router) {
    router.route("/v1/*").handler(BodyHandler.create(false));
    router.get("/v1/models").handler(this::models);
    router.get("/v1/agents").handler(this::agents);
    router.post("/v1/sessions").handler(this::createSession);
    router.get("/v1/sessions").handler(this::listSessions);
    router.get("/v1/sessions/:id").handler(this::session);
    router.patch("/v1/sessions/:id").handler(this::patchSession);
    router.delete("/v1/sessions/:id").handler(this::deleteSession);
    router.get("/v1/sessions/:id/messages").handler(this::messages);
    router.get("/v1/sessions/:id/turns").handler(this::listTurns);
    router.post("/v1/sessions/:id/turns").handler(this::postTurn);
    router.get("/v1/turns/:id").handler(this::turn);
    router.get("/v1/turns/:id/events").handler(this::events);
    router.post("/v1/turns/:id/cancel").handler(this::cancel);
    router.post("/v1/turns/:id/regenerate").handler(ctx -> derive(ctx, true));
    router.post("/v1/turns/:id/continue").handler(ctx -> derive(ctx, false));
  }

  void clear() {
    turns.values().forEach(FakeTurn::cancel);
    sessions.clear();
    turns.clear();
    byKey.clear();
  }

  List<FakeTurn> turns() {
    return List.copyOf(turns.values());
  }

  FakeSession newestSession() {
    return List.copyOf(sessions.values()).getLast();
  }

  void keepAlive() {
    turns.values().forEach(FakeTurn::keepAlive);
  }

  FakeSession create(JsonObject body) {
    var session = new FakeSession(nextId("5e55"), body, ++clock);
    sessions.put(session.id, session);
    return session;
  }

  void begin(String sessionId, String question) {
    var session = Objects.requireNonNull(sessions.get(sessionId), "no such session");
    accept(session, question, new JsonObject(), nextId("aaaa"), null, null).start();
  }

  private String nextId(String kind) {
    return "0199c1e2-7b1a-7c3e-%s-%012d".formatted(kind, ++lastId);
  }

  private FakeTurn accept(
      FakeSession session,
      String input,
      JsonObject body,
      String messageId,
      @Nullable FakeTurn regenerated,
      @Nullable FakeTurn continued) {
    var script = gateway.scripts.isEmpty() ? DEFAULT : gateway.scripts.poll();
    if (session.title == null) {
      session.title = input.substring(0, Math.min(60, input.length()));
    }
    session.touch(++clock);
    var turn =
        new FakeTurn(
            vertx,
            nextId("7042"),
            session,
            input,
            messageId,
            script,
            body,
            regenerated,
            continued,
            () -> session.touch(++clock));
    session.turns.add(turn);
    turns.put(turn.id, turn);
    return turn;
  }

  private void postTurn(RoutingContext ctx) {
    var session = known(ctx);
    if (session == null) {
      return;
    }
    var body = ctx.body().asJsonObject();
    stream(
        ctx,
        session,
        body.getString("on_busy", "reject").equals("interrupt"),
        () ->
            accept(
                session,
                body.getJsonObject("input").getString("text"),
                body,
                nextId("aaaa"),
                null,
                null));
  }

  private void derive(RoutingContext ctx, boolean regenerate) {
    var earlier = Objects.requireNonNull(turns.get(ctx.pathParam("id")), "no such turn");
    var body = ctx.body().asJsonObject();
    stream(
        ctx,
        earlier.session,
        false,
        () ->
            accept(
                earlier.session,
                earlier.input,
                body,
                earlier.messageId,
                regenerate ? earlier : null,
                regenerate ? null : earlier));
  }

  private void stream(
      RoutingContext ctx,
      FakeSession session,
      boolean interrupt,
      java.util.function.Supplier<FakeTurn> accept) {
    var key = ctx.request().getHeader("Idempotency-Key");
    if (byKey.get(key) instanceof FakeTurn existing) {
      ctx.response().putHeader("Idempotency-Replayed", "true");
      existing.read(ctx.response(), -1);
      return;
    }
    if (!gateway.refusals.isEmpty()) {
      problem(ctx, gateway.refusals.poll());
      return;
    }
    var active = session.active();
    if (active != null && interrupt) {
      active.cancel();
    } else if (active != null) {
      problem(
          ctx,
          new JsonObject()
              .put("status", 409)
              .put("code", "turn_in_progress")
              .put("turn_id", active.id));
      return;
    }
    var turn = accept.get();
    byKey.put(key, turn);
    if (gateway.loseNextReply) {
      gateway.loseNextReply = false;
      turn.start();
      ctx.request().connection().close();
      return;
    }
    turn.read(ctx.response(), -1);
    turn.start();
  }

  private void events(RoutingContext ctx) {
    var turn = turns.get(ctx.pathParam("id"));
    if (turn == null) {
      notFound(ctx);
      return;
    }
    var last = ctx.request().getHeader("Last-Event-ID");
    var position = last == null ? -1 : Integer.parseInt(last.substring(last.lastIndexOf('.') + 1));
    if (turn.hasAll(position)) {
      ctx.response().setStatusCode(204).end();
      return;
    }
    turn.read(ctx.response(), position);
  }

  private void cancel(RoutingContext ctx) {
    var turn = Objects.requireNonNull(turns.get(ctx.pathParam("id")), "no such turn");
    var status = turn.isFinal() ? 200 : 202;
    turn.cancel();
    json(ctx, status, turn.json());
  }

  private void turn(RoutingContext ctx) {
    var turn = turns.get(ctx.pathParam("id"));
    if (turn == null) {
      notFound(ctx);
      return;
    }
    json(ctx, 200, turn.json());
  }

  private void createSession(RoutingContext ctx) {
    var key = ctx.request().getHeader("Idempotency-Key");
    var known = byKey.get(key);
    var session = known instanceof FakeSession before ? before : create(ctx.body().asJsonObject());
    byKey.put(key, session);
    json(ctx, known == null ? 201 : 200, session.json());
  }

  private void listSessions(RoutingContext ctx) {
    var latestFirst =
        sessions.values().stream()
            .sorted(Comparator.comparingLong((FakeSession session) -> session.updated).reversed())
            .map(FakeSession::json)
            .toList();
    page(ctx, latestFirst);
  }

  private void session(RoutingContext ctx) {
    var session = known(ctx);
    if (session == null) {
      return;
    }
    if (("\"" + session.version + "\"").equals(ctx.request().getHeader("If-None-Match"))) {
      ctx.response().setStatusCode(304).end();
      return;
    }
    json(ctx, 200, session.json());
  }

  private void patchSession(RoutingContext ctx) {
    var session = known(ctx);
    if (session != null) {
      session.patch(ctx.body().asJsonObject());
      session.touch(++clock);
      json(ctx, 200, session.json());
    }
  }

  private void deleteSession(RoutingContext ctx) {
    var session = known(ctx);
    if (session != null) {
      session.turns.forEach(FakeTurn::cancel);
      sessions.remove(session.id);
      ctx.response().setStatusCode(204).end();
    }
  }

  private void messages(RoutingContext ctx) {
    var session = known(ctx);
    if (session != null) {
      page(ctx, ordered(ctx, session.messages()));
    }
  }

  private void listTurns(RoutingContext ctx) {
    var session = known(ctx);
    if (session != null) {
      page(ctx, ordered(ctx, session.turns.stream().map(FakeTurn::json).toList()));
    }
  }

  private static List<JsonObject> ordered(RoutingContext ctx, List<JsonObject> ascending) {
    var list = new ArrayList<>(ascending);
    return "desc".equals(ctx.request().getParam("order")) ? list.reversed() : list;
  }

  private @Nullable FakeSession known(RoutingContext ctx) {
    var session = sessions.get(ctx.pathParam("id"));
    if (session == null) {
      notFound(ctx);
    }
    return session;
  }

  private static void notFound(RoutingContext ctx) {
    problem(ctx, new JsonObject().put("status", 404).put("code", "not_found"));
  }

  private static void page(RoutingContext ctx, List<JsonObject> all) {
    var limit = Integer.parseInt(ctx.request().getParam("limit", "20"));
    json(ctx, 200, FakeSession.page(all, limit, ctx.request().getParam("after")));
  }

  private static void json(RoutingContext ctx, int status, JsonObject body) {
    ctx.response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/json")
        .putHeader("X-Request-Id", "req-1")
        .end(body.toBuffer());
  }

  private static void problem(RoutingContext ctx, JsonObject problem) {
    var retryAfter = problem.getInteger("retry_after_ms");
    if (retryAfter != null) {
      ctx.response().putHeader("Retry-After", String.valueOf(Math.max(1, retryAfter / 1000)));
    }
    ctx.response()
        .setStatusCode(problem.getInteger("status"))
        .putHeader("Content-Type", "application/problem+json")
        .end(problem.put("request_id", "0199c1e2-req").toBuffer());
  }

  private void models(RoutingContext ctx) {
    json(
        ctx,
        200,
        new JsonObject()
            .put("object", "list")
            .put(
                "data",
                new JsonArray()
                    .add(model("gemma3:270m", "self-hosted", "ready", true))
                    .add(model("gemma3:4b", "self-hosted", "ready", false))
                    .add(model("gemma3:27b", "self-hosted", "unavailable", false))
                    .add(model("gemini-2.5-flash", "managed", "ready", false))));
  }

  private static JsonObject model(String id, String kind, String state, boolean isDefault) {
    return new JsonObject()
        .put("id", id)
        .put("object", "model")
        .put("created", 1741824000)
        .put("owned_by", "google")
        .put(
            "penstock",
            new JsonObject()
                .put("kind", kind)
                .put("state", state)
                .put("default", isDefault)
                .put("context_length", 32768)
                .put("max_output_tokens", 4096)
                .put("continues", kind.equals("self-hosted")));
  }

  private void agents(RoutingContext ctx) {
    json(
        ctx,
        200,
        new JsonObject()
            .put(
                "data",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("name", "production_agent")
                            .put("description", "Gem, a cheerful zoo guide")
                            .put("model", null)
                            .put("options", new JsonObject()))));
  }
}
