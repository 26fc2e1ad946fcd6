package dev.penstock.session.items;

import dev.penstock.session.http.Bodies;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Which part of a conversation's entries is asked for.
 *
 * @param limit messages, 1 to 128
 * @param from where to begin, that message included; null for the beginning
 */
record ItemQuery(int limit, boolean descending, @Nullable ItemPlace from) {
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 128;

  /**
   * Reads {@code limit}, {@code order}, {@code from} and {@code from_call}.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request}
   */
  static ItemQuery of(RoutingContext ctx) {
    var request = ctx.request();
    var order = request.getParam("order", "asc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw Bodies.invalid("order must be asc or desc.");
    }
    return new ItemQuery(
        limit(request.getParam("limit")),
        order.equals("desc"),
        ItemPlace.of(request.getParam("from"), request.getParam("from_call")).orElse(null));
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      var limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // falls through to the same sentence
    }
    throw Bodies.invalid("limit must be a whole number from 1 to " + MAX_LIMIT + ".");
  }
}
