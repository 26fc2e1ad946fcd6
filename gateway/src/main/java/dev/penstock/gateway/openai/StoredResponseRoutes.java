package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Turn;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.gateway.store.TurnStore;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Responses that are kept: retrieve, follow, cancel (openai-api.md sections 8.4 and 8.6). */
final class StoredResponseRoutes {
  private static final String RESPONSE = "/v1/responses/:response";

  /** How long a cancel waits for the owner, which learns of it within a second. */
  private static final Duration CANCELLED_WITHIN = Duration.ofSeconds(5);

  private final Turns turns;
  private final TurnStore store;
  private final StoredAnswer answer;

  StoredResponseRoutes(Turns turns, TurnStore store, StoredAnswer answer) {
    this.turns = turns;
    this.store = store;
    this.answer = answer;
  }

  void mount(Router router, OpenAiEdge edge) {
    router.get(RESPONSE).handler(edge.body()).handler(this::retrieve).failureHandler(edge::failed);
    router
        .post(RESPONSE + "/cancel")
        .handler(edge.body())
        .handler(this::cancel)
        .failureHandler(edge::failed);
  }

  private void retrieve(RoutingContext ctx) {
    var head = ResponseHead.now();
    var stream = streams(ctx);
    var first = first(ctx.request().getParam("starting_after"));
    response(ctx)
        .onSuccess(
            turn -> {
              if (stream) {
                answer.resume(ctx, head, turn, first);
              } else {
                StoredAnswer.document(ctx, head, turn);
              }
            })
        .onFailure(ctx::fail);
  }

  /** Clients in Go say {@code stream} in a body (section 8.4). */
  private static boolean streams(RoutingContext ctx) {
    var body = ctx.body().buffer();
    if (body != null && body.length() > 0) {
      return SharedMembers.of(StrictJson.parse(body)).flag("stream") || asked(ctx);
    }
    return asked(ctx);
  }

  private static boolean asked(RoutingContext ctx) {
    var stream = ctx.request().getParam("stream");
    if (stream == null || stream.equals("false")) {
      return false;
    }
    if (!stream.equals("true")) {
      throw Members.invalid("stream", "true or false");
    }
    return true;
  }

  private static int first(@Nullable String startingAfter) {
    if (startingAfter == null) {
      return 0;
    }
    if (!startingAfter.matches("[0-9]{1,18}")) {
      throw Members.invalid("starting_after", "the sequence_number of an event");
    }
    return (int) Math.min(Long.parseLong(startingAfter), Integer.MAX_VALUE - 1) + 1;
  }

  private void cancel(RoutingContext ctx) {
    var head = ResponseHead.now();
    response(ctx)
        .compose(
            turn -> {
              if (StoredResponse.of(turn).filter(StoredResponse::background).isEmpty()) {
                throw new OpenAiException(
                    OpenAiError.invalid(
                        null, "Only a response with background true can be cancelled."));
              }
              return turns.cancel(Caller.of(ctx), turn.id());
            })
        .compose(turn -> turn.state().isFinal() ? Future.succeededFuture(turn) : end(ctx, turn))
        .onSuccess(turn -> StoredAnswer.document(ctx, head, turn))
        .onFailure(ctx::fail);
  }

  /** The turn once it has ended, or as it is when that takes too long. */
  private Future<Turn> end(RoutingContext ctx, Turn turn) {
    var caller = Caller.of(ctx);
    return turns
        .open(caller, turn)
        .compose(feed -> turns.end(feed, ctx.response()))
        .timeout(CANCELLED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
        .transform(_ -> store.turn(caller, turn.id()));
  }

  /** The response that the path names. */
  private Future<Turn> response(RoutingContext ctx) {
    UUID id =
        PrefixedId.read(PrefixedId.RESPONSE, ctx.pathParam("response"))
            .orElseThrow(StoredAnswer::unknown);
    return store
        .turn(Caller.of(ctx), id)
        .compose(
            turn ->
                StoredResponse.of(turn).isPresent()
                    ? Future.succeededFuture(turn)
                    : Future.failedFuture(StoredAnswer.unknown()),
            cause ->
                Future.failedFuture(
                    cause instanceof FailureException known
                            && known.failure().code() == FailureCode.NOT_FOUND
                        ? StoredAnswer.unknown()
                        : cause));
  }
}
