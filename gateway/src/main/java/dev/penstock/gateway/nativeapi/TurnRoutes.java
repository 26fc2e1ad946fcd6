package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.Position;
import dev.penstock.gateway.agent.Agents;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.Models;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.Members;
import dev.penstock.gateway.request.PathIds;
import dev.penstock.gateway.request.Query;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.store.TurnStore;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Turns: begin, read, cancel, regenerate, continue (native-api.md sections 3 and 4). */
public final class TurnRoutes {
  private static final String SESSION_TURNS = "/v1/sessions/:session/turns";
  private static final String TURN = "/v1/turns/:turn";

  private final Turns turns;
  private final TurnStore store;
  private final TurnAcceptance acceptance;
  private final Continuation continuation;
  private final EventStream events;
  private final TurnAnswer answer;

  /**
   * @param defaultModel the model of requests that name none; null leaves it to the proxies
   */
  public TurnRoutes(
      Turns turns, TurnStore store, Models models, Agents agents, @Nullable String defaultModel) {
    this.turns = turns;
    this.store = store;
    this.acceptance = new TurnAcceptance(turns.instance(), store, models, agents, defaultModel);
    this.continuation = new Continuation(store, models);
    this.events = new EventStream(turns);
    this.answer = new TurnAnswer(turns, events);
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.post(SESSION_TURNS).handler(this::begin);
    router.get(TURN).handler(this::read);
    router.get(TURN + "/events").handler(this::stream);
    router.post(TURN + "/cancel").handler(this::cancel);
    router.post(TURN + "/regenerate").handler(this::regenerate);
    router.post(TURN + "/continue").handler(this::goOn);
  }

  private void begin(RoutingContext ctx) {
    Query.of(ctx.request());
    var form = TurnForm.of(ctx.request());
    var session = PathIds.of(ctx, "session");
    var position = LastEventId.of(ctx.request());
    if (position.isPresent()) {
      resume(ctx, form, position.get(), turn -> session.equals(turn.sessionId()));
      return;
    }
    var body = Json.body(ctx);
    var request = TurnRequest.forTurn(body);
    var key = IdempotencyKey.of(ctx.request());
    var hash = RequestHash.of("POST", "/v1/sessions/" + session + "/turns", body);
    begin(ctx, form, key, acceptance.turn(Caller.of(ctx), session, request, key, hash));
  }

  private void regenerate(RoutingContext ctx) {
    var kind = Accept.Basis.REGENERATE;
    basedOn(ctx, kind, Turn::regenerates, body -> TurnRequest.forRegenerate(body));
  }

  private void goOn(RoutingContext ctx) {
    var kind = Accept.Basis.CONTINUE;
    basedOn(ctx, kind, Turn::continues, body -> TurnRequest.forContinue(body));
  }

  private void basedOn(
      RoutingContext ctx,
      Accept.Basis kind,
      java.util.function.Function<Turn, @Nullable UUID> basisOf,
      java.util.function.Function<JsonNode, TurnRequest> reader) {
    Query.of(ctx.request());
    var form = TurnForm.of(ctx.request());
    var id = PathIds.of(ctx, "turn");
    var position = LastEventId.of(ctx.request());
    if (position.isPresent()) {
      resume(ctx, form, position.get(), turn -> id.equals(basisOf.apply(turn)));
      return;
    }
    var body = Json.body(ctx);
    var request = reader.apply(body);
    var key = IdempotencyKey.of(ctx.request());
    var word = kind == Accept.Basis.REGENERATE ? "regenerate" : "continue";
    var hash = RequestHash.of("POST", "/v1/turns/" + id + "/" + word, body);
    var caller = Caller.of(ctx);
    var allowed =
        kind == Accept.Basis.CONTINUE
            ? continuation.require(caller, id)
            : Future.<Void>succeededFuture();
    begin(
        ctx,
        form,
        key,
        allowed.compose(
            _ ->
                acceptance.basedOn(caller, new Accept.Place.OnTurn(kind, id), request, key, hash)));
  }

  private void begin(RoutingContext ctx, TurnForm form, IdempotencyKey key, Future<Accept> accept) {
    accept
        .compose(ready -> turns.begin(Caller.of(ctx), ready, Dialect.NATIVE))
        .onSuccess(begun -> answer.begun(ctx, form, begun, key.fromClient()))
        .onFailure(ctx::fail);
  }

  /** A POST that names a position never starts a turn (turns.md T-32). */
  private void resume(
      RoutingContext ctx, TurnForm form, Position position, Predicate<Turn> belongs) {
    store
        .turn(Caller.of(ctx), position.turn())
        .onSuccess(
            turn -> {
              if (belongs.test(turn)) {
                answer.existing(ctx, form, turn, position);
              } else {
                ctx.fail(
                    Failure.of(FailureCode.NOT_FOUND, "There is no such turn here.").asException());
              }
            })
        .onFailure(
            cause -> {
              if (form == TurnForm.STREAM) {
                events.resumeUnasked(ctx, position.turn(), position, cause);
              } else {
                ctx.fail(cause);
              }
            });
  }

  private void read(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    store
        .turn(Caller.of(ctx), PathIds.of(ctx, "turn"))
        .onSuccess(turn -> Json.send(ctx, 200, TurnJson.of(turn)))
        .onFailure(ctx::fail);
  }

  private void stream(RoutingContext ctx) {
    var query = Query.of(ctx.request(), LastEventId.PARAMETER);
    Accepts.of(ctx.request()).require(Accepts.EVENT_STREAM);
    var id = PathIds.of(ctx, "turn");
    var position = LastEventId.within(id, ctx.request(), query.find(LastEventId.PARAMETER));
    store
        .turn(Caller.of(ctx), id)
        .onSuccess(turn -> events.resume(ctx, turn, position))
        .onFailure(cause -> events.resumeUnasked(ctx, id, position, cause));
  }

  private void cancel(RoutingContext ctx) {
    Query.of(ctx.request());
    Accepts.of(ctx.request()).require(Accepts.JSON);
    var id = PathIds.of(ctx, "turn");
    Members.read(Json.body(ctx), _ -> id);
    turns
        .cancel(Caller.of(ctx), id)
        .onSuccess(turn -> TurnAnswer.send(ctx, turn.state().isFinal() ? 200 : 202, turn))
        .onFailure(ctx::fail);
  }
}
