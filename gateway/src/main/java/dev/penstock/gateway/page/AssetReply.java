package dev.penstock.gateway.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;

/**
 * Writes an asset: compressed where the client takes it, without a body where it has it already.
 */
final class AssetReply {
  private AssetReply() {}

  /** Ends the response; headers set before stay. */
  static void send(RoutingContext ctx, Asset asset) {
    var gzip = acceptsGzip(ctx);
    var etag = '"' + asset.hash() + (gzip ? "-gzip" : "") + '"';
    var response =
        ctx.response()
            .putHeader(HttpHeaders.CONTENT_TYPE, asset.mediaType())
            .putHeader(HttpHeaders.ETAG, etag)
            .putHeader("X-Content-Type-Options", "nosniff");
    response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (etag.equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      response.setStatusCode(304).end();
      return;
    }
    if (gzip) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
    }
    var body = gzip ? asset.gzip() : asset.plain();
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      response.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length())).end();
    } else {
      response.end(body);
    }
  }

  private static boolean acceptsGzip(RoutingContext ctx) {
    return ctx.parsedHeaders().acceptEncoding().stream()
        .anyMatch(coding -> coding.value().equals("gzip") && coding.weight() > 0);
  }
}
