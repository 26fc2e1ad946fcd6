package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Session;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.request.IdempotencyKey;
import dev.penstock.gateway.request.RequestHash;
import dev.penstock.gateway.store.ItemRange;
import dev.penstock.gateway.store.ItemStore;
import dev.penstock.gateway.store.PageRequest.Order;
import io.vertx.core.Future;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.UUID;

/**
 * Items of conversations, the input items of responses, and the end of responses (openai-api.md
 * sections 8.4, 8.7 and 9.1).
 */
final class ItemRoutes {
  private static final String ITEMS = "/v1/conversations/:conversation/items";
  private static final String ITEM = ITEMS + "/:item";
  private static final String RESPONSE = "/v1/responses/:response";

  private final ItemStore store;
  private final ItemFinder finder;

  ItemRoutes(ItemStore store, ItemFinder finder) {
    this.store = store;
    this.finder = finder;
  }

  void mount(Router router, OpenAiEdge edge) {
    router.get(ITEMS).handler(this::list);
    router.get(ITEM).handler(this::show);
    router.delete(ITEM).handler(this::remove);
    router.get(RESPONSE + "/input_items").handler(this::inputs);
    router.delete(RESPONSE).handler(this::deleteResponse);
    edge.post(router, ITEMS, this::add);
  }

  private void list(RoutingContext ctx) {
    var head = ResponseHead.now();
    var paging = ItemPaging.of(ctx);
    var items = store.items(Caller.of(ctx), ConversationRoutes.id(ctx), paging.range());
    answer(ctx, head, items.map(page -> paging.page(page.data())));
  }

  private void add(RoutingContext ctx, JsonNode body) {
    var head = ResponseHead.now();
    var conversation = ConversationRoutes.id(ctx);
    var items = ConversationDecoder.requiredItems(body);
    var key = IdempotencyKey.of(ctx.request()).value();
    var hash = RequestHash.of("POST", ctx.normalizedPath(), body);
    var caller = Caller.of(ctx);
    var added =
        finder
            .referenced(caller, conversation, items, "items")
            .map(found -> ItemDecoder.decode(items, "items", found))
            .compose(drafts -> add(caller, conversation, new Item.Append(drafts, key, hash)))
            .map(
                page ->
                    page.data().stream()
                        .flatMap(item -> ItemEncoder.encode(item).stream())
                        .toList());
    answer(ctx, head, added.map(shown -> ItemPaging.list(shown, false)));
  }

  // Of nothing but thoughts nothing is kept.
  private Future<Item.Page> add(Caller caller, UUID conversation, Item.Append append) {
    return append.messages().isEmpty()
        ? store
            .items(caller, conversation, new ItemRange(1, Order.ASC, null, null))
            .map(_ -> new Item.Page(List.of()))
        : store.add(caller, conversation, append);
  }

  private void show(RoutingContext ctx) {
    var head = ResponseHead.now();
    var conversation = ConversationRoutes.id(ctx);
    answer(
        ctx,
        head,
        finder.inConversation(Caller.of(ctx), conversation, ctx.pathParam("item"), null));
  }

  private void remove(RoutingContext ctx) {
    var head = ResponseHead.now();
    var conversation = ConversationRoutes.id(ctx);
    var id = ItemId.read(ctx.pathParam("item")).orElseThrow(() -> ItemDecoder.missing(null));
    var caller = Caller.of(ctx);
    Future<Session> left =
        switch (id) {
          case ItemId.OfMessage(var message) -> store.removeMessage(caller, conversation, message);
          case ItemId.OfCall(var call) -> store.removeCall(caller, conversation, call);
        };
    answer(ctx, head, left.map(ConversationJson::of));
  }

  private void inputs(RoutingContext ctx) {
    var head = ResponseHead.now();
    var paging = ItemPaging.of(ctx);
    var inputs = store.inputs(Caller.of(ctx), response(ctx));
    answer(ctx, head, inputs.map(page -> paging.pageOfAll(page.data())));
  }

  private void deleteResponse(RoutingContext ctx) {
    var head = ResponseHead.now();
    var id = response(ctx);
    answer(
        ctx,
        head,
        store
            .deleteTurn(Caller.of(ctx), id)
            .map(
                _ -> ConversationJson.deleted(PrefixedId.of(PrefixedId.RESPONSE, id), "response")));
  }

  private static UUID response(RoutingContext ctx) {
    return PrefixedId.read(PrefixedId.RESPONSE, ctx.pathParam("response"))
        .orElseThrow(
            () ->
                new OpenAiException(
                    new OpenAiError(404, null, "There is no such response.", null, null, false)));
  }

  private static void answer(RoutingContext ctx, ResponseHead head, Future<ObjectNode> document) {
    ConversationRoutes.answer(ctx, head, document);
  }
}
