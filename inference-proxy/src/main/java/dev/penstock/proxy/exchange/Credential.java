package dev.penstock.proxy.exchange;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.RequestOptions;

/** What a model server wants to see of its callers with every request. Safe from any thread. */
@FunctionalInterface
public interface Credential {
  /** For servers that ask for nothing. */
  Credential NONE = Future::succeededFuture;

  /**
   * Adds it to a request; fails with a {@code SetbackException} where there is none to be had.
   * Completes on the caller's context.
   */
  Future<RequestOptions> sign(RequestOptions request);

  /**
   * Told that the server did not take that request's: whether the next one is another, so that
   * asking once more may help.
   */
  default boolean renewed(HttpClientRequest refused) {
    return false;
  }

  /** A header that never changes. */
  static Credential header(String name, String value) {
    return request -> Future.succeededFuture(request.putHeader(name, value));
  }
}
