package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Item;
import dev.penstock.gateway.store.ItemRange;
import dev.penstock.gateway.store.PageRequest.Order;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list of items is asked for, and that page (openai-api.md section 8.7). An item
 * that was taken out meanwhile is still a place to go on from.
 *
 * @param limit items, 1 to 100
 * @param after the last item that the client has; null for the beginning
 */
record ItemPaging(int limit, boolean descending, @Nullable ItemId after) {
  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 100;

  /** Reads {@code limit}, {@code order} and {@code after}; newest first unless asked otherwise. */
  static ItemPaging of(RoutingContext ctx) {
    var query = ctx.queryParams();
    return new ItemPaging(
        limit(query.get("limit")), descending(query.get("order")), after(query.get("after")));
  }

  /**
   * What the store is to be asked for: the message with the last item that the client has, as that
   * may have more items, and enough to know whether there is a next page.
   */
  ItemRange range() {
    return new ItemRange(
        limit + 2,
        descending ? Order.DESC : Order.ASC,
        after instanceof ItemId.OfMessage(var id) ? id : null,
        after instanceof ItemId.OfCall(var call) ? call : null);
  }

  /** The page of what {@link #range} gave. */
  ObjectNode page(List<Item> messages) {
    var items = new ArrayList<ObjectNode>();
    for (var message : messages) {
      var shown = ItemEncoder.encode(message);
      var ordered = descending ? shown.reversed() : shown;
      items.addAll(items.isEmpty() && after != null ? behind(ordered, message) : ordered);
    }
    return list(items.subList(0, Math.min(limit, items.size())), items.size() > limit);
  }

  /** The page of everything there is; throws a 404 for an {@code after} that is not there. */
  ObjectNode pageOfAll(List<Item> messages) {
    var items = new ArrayList<ObjectNode>();
    messages.forEach(message -> items.addAll(ItemEncoder.encode(message)));
    var ordered = descending ? items.reversed() : items;
    var from = after == null ? 0 : index(ordered, after) + 1;
    if (after != null && from == 0) {
      throw missing();
    }
    var to = Math.min(from + limit, ordered.size());
    return list(ordered.subList(from, to), to < ordered.size());
  }

  /** A list as this dialect shows it. */
  static ObjectNode list(List<ObjectNode> items, boolean more) {
    var list = JsonNodeFactory.instance.objectNode().put("object", "list");
    list.putArray("data").addAll(items);
    list.set("first_id", items.isEmpty() ? list.nullNode() : items.getFirst().get("id"));
    list.set("last_id", items.isEmpty() ? list.nullNode() : items.getLast().get("id"));
    return list.put("has_more", more);
  }

  // Falling, a message's text comes behind its calls, so nothing of it is left behind its text.
  private List<ObjectNode> behind(List<ObjectNode> items, Item message) {
    if (descending && ItemId.of(message).equals(after)) {
      return List.of();
    }
    return after == null ? items : items.subList(index(items, after) + 1, items.size());
  }

  // The last one, as a client may have given two calls one id: a list must come to its end.
  private static int index(List<ObjectNode> items, ItemId id) {
    for (var at = items.size() - 1; at >= 0; at--) {
      if (items.get(at).get("id").textValue().equals(id.text())) {
        return at;
      }
    }
    return -1;
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (text.matches("\\d{1,3}")) {
      var limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    }
    throw Members.invalid("limit", "a whole number from 1 to " + MAX_LIMIT);
  }

  private static boolean descending(@Nullable String order) {
    return switch (order) {
      case null -> true;
      case "desc" -> true;
      case "asc" -> false;
      default -> throw Members.invalid("order", "asc or desc");
    };
  }

  private static @Nullable ItemId after(@Nullable String text) {
    return text == null ? null : ItemId.read(text).orElseThrow(ItemPaging::missing);
  }

  private static OpenAiException missing() {
    return ItemDecoder.missing("after");
  }
}
