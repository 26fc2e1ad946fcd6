package dev.penstock.proxy.exchange;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;

/**
 * Where a model server answers.
 *
 * @param path prefix of every route, without a slash at its end; may be empty
 */
public record ServerAddress(String host, int port, boolean tls, String path) {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  /**
   * The address of an {@code http} or {@code https} URL.
   *
   * @param usualPath the prefix where the URL has no path
   */
  public static ServerAddress of(URI url, String usualPath) {
    var tls = "https".equals(url.getScheme());
    var path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
    var host =
        url.getHost().startsWith("[") ? url.getHost().replaceAll("[\\[\\]]", "") : url.getHost();
    var port = url.getPort() >= 0 ? url.getPort() : tls ? HTTPS : HTTP;
    return new ServerAddress(host, port, tls, path.isEmpty() ? usualPath : path);
  }

  /** A request without a body. */
  public RequestOptions get(String route) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setHost(host)
        .setPort(port)
        .setSsl(tls)
        .setURI(path + route);
  }

  /** A request with a JSON body. */
  public RequestOptions post(String route) {
    return get(route).setMethod(HttpMethod.POST).putHeader("Content-Type", "application/json");
  }
}
