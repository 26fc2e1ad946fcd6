package dev.penstock.proxy.exchange;

import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.generation.SetbackException;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;

/**
 * How requests get to one model server: with its credential, over a client of the context that uses
 * it.
 */
public record ServerConnection(HttpClient client, Credential credential) {
  private static final int UNAUTHENTICATED = 401;

  /** A request that is ready to be sent; fails with a {@code SetbackException}. */
  public Future<HttpClientRequest> open(RequestOptions request) {
    return credential
        .sign(request)
        .compose(client::request)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof SetbackException
                        ? failure
                        : Setback.unreachable().asException()));
  }

  /**
   * Whether that answer may become another if the same is asked once more: it says that the
   * credential is not accepted, and there is another one now.
   */
  boolean renewed(HttpClientResponse answer) {
    return answer.statusCode() == UNAUTHENTICATED && credential.renewed(answer.request());
  }
}
