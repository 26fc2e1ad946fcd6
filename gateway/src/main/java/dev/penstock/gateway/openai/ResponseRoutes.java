package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.metrics.Dialect;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.turns.Turns;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

/**
 * {@code POST /v1/responses}, streamed or whole (openai-api.md section 8): a stored turn, or, with
 * {@code store} false, an answer of which nothing stays.
 */
final class ResponseRoutes {
  private static final String PATH = "/v1/responses";

  private final Answers answers;
  private final Generations generations;
  private final Turns turns;
  private final ResponseAcceptance acceptance;
  private final StoredAnswer stored;
  private final ItemFinder items;

  ResponseRoutes(
      Answers answers,
      Generations generations,
      Turns turns,
      ResponseAcceptance acceptance,
      StoredAnswer stored,
      ItemFinder items) {
    this.answers = answers;
    this.generations = generations;
    this.turns = turns;
    this.acceptance = acceptance;
    this.stored = stored;
    this.items = items;
  }

  void mount(Router router, OpenAiEdge edge) {
    edge.post(router, PATH, this::respond);
    edge.post(router, PATH + "/input_tokens", this::count);
  }

  private void respond(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    found(ctx, body)
        .map(found -> permitted(ctx, ResponseDecoder.decode(body, found)))
        .onSuccess(
            asked -> {
              if (asked.keeping() == null) {
                unstored(ctx, head, asked);
              } else {
                begin(ctx, head, asked, asked.keeping(), RequestHash.of("POST", PATH, body));
              }
            })
        .onFailure(ctx::fail);
  }

  /** What is kept is a conversation, for whose credential this route alone is not enough. */
  private static ResponseRequest permitted(RoutingContext ctx, ResponseRequest asked) {
    if (asked.keeping() != null) {
      Caller.of(ctx).rights().require(Scope.SESSIONS);
    }
    return asked;
  }

  /** What the references of an input name; most have none. */
  private Future<Map<String, ObjectNode>> found(RoutingContext ctx, JsonNode body) {
    var input = body.path(InputDecoder.PARAM);
    return input.isArray()
        ? items.referenced(Caller.of(ctx), null, input, InputDecoder.PARAM)
        : Future.succeededFuture(Map.of());
  }

  private void begin(
      RoutingContext ctx, ResponseHead head, ResponseRequest asked, Keeping keeping, String hash) {
    var key = IdempotencyKey.of(ctx.request());
    turns
        .begin(
            Caller.of(ctx), acceptance.accept(asked, keeping, key, hash), Dialect.OPENAI_RESPONSES)
        .onSuccess(begun -> stored.begun(ctx, head, form(asked, keeping), begun))
        .onFailure(cause -> refused(ctx, head, keeping, cause));
  }

  /** The model is asked for one token: only it can tell what its template makes of the input. */
  private void count(RoutingContext ctx, JsonNode body) {
    SharedMembers.of(body);
    found(ctx, body)
        .map(
            found ->
                ResponseDecoder.decode(((ObjectNode) body.deepCopy()).put("store", false), found))
        .onSuccess(asked -> count(ctx, asked))
        .onFailure(ctx::fail);
  }

  private void count(RoutingContext ctx, ResponseRequest asked) {
    var generation =
        generations.of(
            ctx,
            asked.model(),
            asked.messages(),
            asked.options().withMaxTokens(1),
            asked.form().withLogprobs(null),
            asked.affinity(),
            false);
    answers.whole(ctx, generation, new InputTokensEncoder(ResponseHead.now()));
  }

  private static StoredAnswer.Form form(ResponseRequest asked, Keeping keeping) {
    if (asked.stream()) {
      return StoredAnswer.Form.STREAM;
    }
    return keeping.background() ? StoredAnswer.Form.AT_ONCE : StoredAnswer.Form.WHOLE;
  }

  private static void refused(
      RoutingContext ctx, ResponseHead head, Keeping keeping, Throwable cause) {
    var param = keeping.param();
    if (param != null
        && cause instanceof FailureException known
        && known.failure().code() == FailureCode.NOT_FOUND) {
      head.error(ctx.response(), KeepingDecoder.unknown(param));
    } else {
      ctx.fail(cause);
    }
  }

  private void unstored(RoutingContext ctx, ResponseHead head, ResponseRequest asked) {
    var response = ResponseJson.next(asked.echo(), Instant.now());
    var generation =
        generations.of(
            ctx,
            asked.model(),
            asked.messages(),
            asked.options(),
            asked.form(),
            asked.affinity(),
            asked.stream());
    if (asked.stream()) {
      answers.stream(
          ctx,
          generation,
          new ResponseEventEncoder(head, response, asked.oneCall(), InstantSource.system()));
    } else {
      answers.whole(
          ctx,
          generation,
          new ResponseEncoder(head, response, asked.oneCall(), InstantSource.system()));
    }
  }
}
