package dev.penstock.proxy.exchange;

import io.vertx.core.Future;
import io.vertx.core.http.RequestOptions;

/** What a model server wants to see of its callers with every request. Confined to one context. */
@FunctionalInterface
public interface Credential {
  /** For servers that ask for nothing. */
  Credential NONE = Future::succeededFuture;

  /** Adds it to a request; fails with a {@code SetbackException} where there is none to be had. */
  Future<RequestOptions> sign(RequestOptions request);

  /** The server did not take it: the next one is to be another. */
  default void refused() {}

  /** A header that never changes. */
  static Credential header(String name, String value) {
    return request -> Future.succeededFuture(request.putHeader(name, value));
  }
}
