package dev.penstock.session.http;

import dev.penstock.contracts.failure.FailureException;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is asked for.
 *
 * @param limit 1 to 100
 * @param after the previous page's {@code next_cursor}
 */
public record PageQuery(int limit, @Nullable String after, boolean descending) {
  private static final int MAX_LIMIT = 100;

  /**
   * Reads {@code limit}, {@code after} and {@code order}.
   *
   * @throws FailureException {@code invalid_request}
   */
  public static PageQuery of(RoutingContext ctx, int defaultLimit) {
    var limit = ctx.request().getParam("limit");
    var order = ctx.request().getParam("order", "asc");
    if (!order.equals("asc") && !order.equals("desc")) {
      throw Bodies.invalid("order must be asc or desc.");
    }
    return new PageQuery(
        limit == null ? defaultLimit : limit(limit),
        ctx.request().getParam("after"),
        order.equals("desc"));
  }

  private static int limit(String text) {
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
