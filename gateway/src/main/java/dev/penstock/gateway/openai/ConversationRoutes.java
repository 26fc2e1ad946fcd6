package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.store.SessionStore;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;

/** {@code /v1/conversations}: sessions under another name (openai-api.md section 9.1). */
final class ConversationRoutes {
  private static final String CONVERSATIONS = "/v1/conversations";
  private static final String CONVERSATION = CONVERSATIONS + "/:conversation";

  private final SessionStore store;
  private final ItemFinder finder;

  ConversationRoutes(SessionStore store, ItemFinder finder) {
    this.store = store;
    this.finder = finder;
  }

  void mount(Router router, OpenAiEdge edge) {
    router.get(CONVERSATION).handler(this::show);
    router.delete(CONVERSATION).handler(this::delete);
    edge.post(router, CONVERSATIONS, this::create);
    edge.post(router, CONVERSATION, this::update);
    new ItemRoutes(store.items(), finder).mount(router, edge);
  }

  private void create(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var metadata = ConversationDecoder.metadata(body);
    var items = ConversationDecoder.items(body);
    var key = IdempotencyKey.of(ctx.request()).value();
    var caller = Caller.of(ctx);
    var created =
        finder
            .referenced(caller, null, items, "items")
            .map(found -> ItemDecoder.decode(items, "items", found))
            .map(
                drafts ->
                    new Session.Create(
                        null,
                        caller.user(),
                        null,
                        null,
                        null,
                        GenerationOptions.NONE,
                        metadata,
                        key,
                        RequestHash.of("POST", CONVERSATIONS, body),
                        List.<MessageDraft>copyOf(drafts)))
            .compose(create -> store.create(caller, create))
            .map(Session.Created::session);
    answer(ctx, head, created.map(ConversationJson::of));
  }

  private void show(RoutingContext ctx) {
    var head = ResponseHead.now();
    answer(ctx, head, store.session(Caller.of(ctx), id(ctx)).map(ConversationJson::of));
  }

  private void update(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var metadata = ConversationDecoder.requiredMetadata(body);
    var session = store.items().putMetadata(Caller.of(ctx), id(ctx), metadata);
    answer(ctx, head, session.map(ConversationJson::of));
  }

  private void delete(RoutingContext ctx) {
    var head = ResponseHead.now();
    var id = id(ctx);
    answer(
        ctx,
        head,
        store
            .delete(Caller.of(ctx), id)
            .map(
                _ ->
                    ConversationJson.deleted(
                        PrefixedId.of(PrefixedId.CONVERSATION, id), "conversation.deleted")));
  }

  /** The conversation of the path; a malformed id names none. */
  static UUID id(RoutingContext ctx) {
    return PrefixedId.read(PrefixedId.CONVERSATION, ctx.pathParam("conversation"))
        .orElseThrow(
            () ->
                new OpenAiException(
                    new OpenAiError(
                        404, null, "There is no such conversation.", null, null, false)));
  }

  /** Answers with a document, or with what it failed for. */
  static void answer(RoutingContext ctx, ResponseHead head, Future<ObjectNode> document) {
    document
        .onSuccess(
            json -> {
              head.document(ctx.response());
              ctx.response().end(Wire.encode(json));
            })
        .onFailure(ctx::fail);
  }
}
