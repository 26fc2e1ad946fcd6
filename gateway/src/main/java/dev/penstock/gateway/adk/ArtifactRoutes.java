package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Handler;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Artifacts: no session has any (adk-api.md section 7). Their names may hold slashes. */
final class ArtifactRoutes {
  private static final String ARTIFACTS = SessionRoutes.SESSION + "/artifacts";
  private static final String VERSIONS = "/versions";
  private static final String METADATA = "/metadata";

  private ArtifactRoutes() {}

  static void mount(Router router, Handler<RoutingContext> body) {
    router.get(ARTIFACTS).handler(ArtifactRoutes::none);
    router
        .post(ARTIFACTS)
        .handler(body)
        .handler(ctx -> ctx.fail(new AdkException(400, "Artifacts are not kept here.")));
    router.get(ARTIFACTS + "/*").handler(ArtifactRoutes::get);
    router.delete(ARTIFACTS + "/*").handler(Replies::done);
  }

  private static void none(RoutingContext ctx) {
    Replies.send(ctx, JsonNodeFactory.instance.arrayNode());
  }

  private static void get(RoutingContext ctx) {
    var path = ctx.request().path();
    var at = path.lastIndexOf(VERSIONS);
    var below = at < 0 ? null : path.substring(at + VERSIONS.length());
    if (below == null) {
      throw new AdkException(404, "Artifact not found");
    }
    if (below.isEmpty() || below.equals(METADATA)) {
      none(ctx);
      return;
    }
    var metadata = below.endsWith(METADATA);
    var version =
        below.substring(1, metadata ? below.length() - METADATA.length() : below.length());
    if (!version.equals("latest") && !version.matches("\\d{1,9}")) {
      throw new AdkException(422, "Invalid version ID");
    }
    throw new AdkException(404, metadata ? "Artifact version not found" : "Artifact not found");
  }
}
