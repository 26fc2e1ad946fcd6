package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;

/** Successful answers. */
final class Replies {
  static final String JSON = "application/json";

  private Replies() {}

  static void send(RoutingContext ctx, JsonNode json) {
    ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(Buffer.buffer(json.toString()));
  }

  /** {@code null}, which says that it is done. */
  static void done(RoutingContext ctx) {
    send(ctx, NullNode.getInstance());
  }
}
