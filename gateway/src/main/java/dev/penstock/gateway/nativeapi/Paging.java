package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.Query;
import dev.penstock.gateway.store.PageRequest;
import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** The parameters that lists share: {@code limit}, {@code after}, {@code order}. */
final class Paging {
  private static final int MOST = 100;
  private static final int MAX_CURSOR = 512;

  private Paging() {}

  /** The page a query asks for. */
  static PageRequest of(Query query, int defaultLimit) {
    return new PageRequest(
        query.integer("limit", defaultLimit, 1, MOST), cursor(query), order(query.find("order")));
  }

  /** The page, or a 400 that names the cursor where the store does not know it. */
  static <T> Future<T> checked(Future<T> page, PageRequest request) {
    return page.recover(
        cause ->
            request.after() != null
                    && cause instanceof FailureException refused
                    && refused.failure().code() == FailureCode.INVALID_REQUEST
                ? Future.failedFuture(foreignCursor())
                : Future.failedFuture(cause));
  }

  private static @Nullable String cursor(Query query) {
    var cursor = query.find("after");
    if (cursor != null && (cursor.isEmpty() || cursor.length() > MAX_CURSOR)) {
      throw foreignCursor();
    }
    return cursor;
  }

  private static RuntimeException foreignCursor() {
    return Problems.invalid("after", "a next_cursor of this list");
  }

  private static PageRequest.@Nullable Order order(@Nullable String word) {
    return switch (word) {
      case null -> null;
      case "asc" -> PageRequest.Order.ASC;
      case "desc" -> PageRequest.Order.DESC;
      default -> throw Problems.invalid("order", "asc or desc");
    };
  }
}
