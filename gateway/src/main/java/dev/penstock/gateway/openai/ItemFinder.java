package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.session.Item;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.store.ItemRange;
import dev.penstock.gateway.store.ItemStore;
import dev.penstock.gateway.store.PageRequest.Order;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Finds single items by their ids. */
final class ItemFinder {
  private final ItemStore store;

  ItemFinder(ItemStore store) {
    this.store = store;
  }

  /** An item of that conversation; a 404 about {@code param} where it has none of this id. */
  Future<ObjectNode> inConversation(
      Caller caller, UUID conversation, String id, @Nullable String param) {
    return switch (ItemId.read(id).orElse(null)) {
      case null -> Future.failedFuture(missing(param));
      case ItemId.OfMessage(var message) ->
          one(store.items(caller, conversation, from(message, null)), id, param);
      case ItemId.OfCall(var call) ->
          one(store.items(caller, conversation, from(null, call)), id, param);
    };
  }

  /**
   * The items that references among {@code items} name, by their ids: messages of whatever
   * conversation, calls of this one.
   */
  Future<Map<String, ObjectNode>> referenced(
      Caller caller, @Nullable UUID conversation, JsonNode items, String param) {
    var found = new HashMap<String, ObjectNode>();
    var searches = new ArrayList<Future<?>>();
    var sought = new HashSet<String>();
    for (var reference : ItemDecoder.references(items, param)) {
      caller.rights().require(Scope.SESSIONS);
      if (sought.add(reference.id())) {
        searches.add(
            anywhere(caller, conversation, reference)
                .onSuccess(item -> found.put(reference.id(), item)));
      }
    }
    return Future.all(searches).map(found);
  }

  private Future<ObjectNode> anywhere(
      Caller caller, @Nullable UUID conversation, ItemDecoder.Reference reference) {
    if (ItemId.read(reference.id()).orElse(null) instanceof ItemId.OfMessage(var message)) {
      var item = store.message(caller, message).map(each -> new Item.Page(List.of(each)));
      return one(item, reference.id(), reference.param());
    }
    return conversation == null
        ? Future.failedFuture(missing(reference.param()))
        : inConversation(caller, conversation, reference.id(), reference.param());
  }

  // Where the named message is hidden the store begins with the next one.
  private static Future<ObjectNode> one(Future<Item.Page> page, String id, @Nullable String param) {
    return page.map(
            items ->
                items.data().stream()
                    .flatMap(item -> ItemEncoder.encode(item).stream())
                    .filter(item -> item.get("id").textValue().equals(id))
                    .findFirst()
                    .orElseThrow(() -> missing(param)))
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof FailureException refused
                            && refused.failure().code() == FailureCode.NOT_FOUND
                        ? missing(param)
                        : cause));
  }

  private static ItemRange from(@Nullable UUID message, @Nullable String call) {
    return new ItemRange(1, Order.ASC, message, call);
  }

  private static OpenAiException missing(@Nullable String param) {
    return ItemDecoder.missing(param);
  }
}
