package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** JSON bodies of the native API, both ways. */
final class Json {
  private Json() {}

  /**
   * The request's body; an empty object where there is none.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if it is no JSON
   */
  static JsonNode body(RoutingContext ctx) {
    Buffer body = ctx.body().buffer();
    return body == null || body.length() == 0
        ? Wire.JSON.createObjectNode()
        : StrictJson.parse(body);
  }

  /** Answers with a document. */
  static void send(RoutingContext ctx, int status, Object document) {
    ctx.response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, Accepts.JSON)
        .end(Wire.encode(document));
  }

  /** Answers with a session under its {@code ETag}. */
  static void send(RoutingContext ctx, int status, Session session) {
    ctx.response()
        .putHeader(HttpHeaders.ETAG, EntityTags.of(session))
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
    send(ctx, status, (Object) session);
  }
}
