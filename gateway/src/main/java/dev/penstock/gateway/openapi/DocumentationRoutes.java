package dev.penstock.gateway.openapi;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code /openapi.json}, and {@code /docs}, a page that shows it with files of its own only. Both
 * are read on their first request. Confined to one event loop.
 */
public final class DocumentationRoutes {
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
          + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private static final Map<String, String> TYPES =
      Map.of(
          "docs.html", "text/html; charset=utf-8",
          "docs.js", "text/javascript; charset=utf-8",
          "docs.css", "text/css; charset=utf-8");

  private final Vertx vertx;
  private @Nullable Future<Buffer> document;

  public DocumentationRoutes(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.get("/openapi.json").handler(this::document);
    router.get("/docs").handler(ctx -> file(ctx, "docs.html"));
    router.get("/docs/:file").handler(ctx -> file(ctx, ctx.pathParam("file")));
  }

  private void document(RoutingContext ctx) {
    if (document == null) {
      document = vertx.executeBlocking(OpenApiDocument::json);
    }
    document
        .onSuccess(
            json ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .end(json.copy()))
        .onFailure(ctx::fail);
  }

  private void file(RoutingContext ctx, String name) {
    var type = TYPES.get(name);
    if (type == null) {
      ctx.fail(404);
      return;
    }
    vertx
        .executeBlocking(() -> resource(name))
        .onSuccess(
            bytes ->
                ctx.response()
                    .putHeader(HttpHeaders.CONTENT_TYPE, type)
                    .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
                    .putHeader("Content-Security-Policy", PAGE_POLICY)
                    .end(bytes))
        .onFailure(ctx::fail);
  }

  private static Buffer resource(String name) {
    try (var in = DocumentationRoutes.class.getResourceAsStream("docs/" + name)) {
      return Buffer.buffer(Objects.requireNonNull(in, name).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway's jar is broken", e);
    }
  }
}
