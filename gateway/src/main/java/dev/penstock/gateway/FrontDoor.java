package dev.penstock.gateway;

import dev.penstock.gateway.page.PageRoutes;
import dev.penstock.kit.http.Version;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;

/** {@code GET /}: the chat page for browsers; for programs what this is and where to read on. */
final class FrontDoor {
  private FrontDoor() {}

  static void mount(Router router, PageRoutes page) {
    var card =
        new JsonObject()
            .put("service", GatewayService.NAME)
            .put("version", Version.OF_BUILD)
            .put("docs", "/docs")
            .put("health", "/health")
            .toBuffer();
    router
        .get("/")
        .handler(
            ctx -> {
              if (PageRoutes.wantsPage(ctx)) {
                page.page(ctx);
              } else {
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT)
                    .end(card.copy());
              }
            });
  }
}
