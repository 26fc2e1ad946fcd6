package dev.penstock.gateway.inference;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/** Requests to a proxy named by its base address. */
final class ProxyAddress {
  private ProxyAddress() {}

  /**
   * @param path begins with a slash and is percent-encoded; appended to the address's own path
   */
  static RequestOptions request(HttpMethod method, URI proxy, String path) {
    var secure = "https".equals(proxy.getScheme());
    var port = proxy.getPort() != -1 ? proxy.getPort() : secure ? 443 : 80;
    var base = proxy.getRawPath();
    return new RequestOptions()
        .setMethod(method)
        .setSsl(secure)
        .setHost(proxy.getHost())
        .setPort(port)
        .setURI((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }
}
