package dev.penstock.gateway.inference;

import dev.penstock.gateway.identity.ServiceIdentity;
import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** How requests get to a proxy: signed, over connections of the context that uses it. */
record ProxyClient(HttpClient connections, ServiceIdentity identity) {
  /** A request that is ready to be sent. */
  Future<HttpClientRequest> open(RequestOptions request, URI proxy) {
    return identity.sign(request, proxy).compose(connections::request);
  }

  /** Whether that answer may become another if the same is asked once more. */
  boolean renewed(HttpClientResponse answer, URI proxy) {
    return identity.renewed(answer, proxy);
  }
}
