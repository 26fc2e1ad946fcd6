package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPInputStream;

/** ADK Web under {@code /dev-ui/}, unmodified but for its configuration (adk-api.md section 6). */
final class WebRoutes {
  private static final String HOME = "/dev-ui/";
  private static final String DOCUMENT = "index.html";
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  /** What the page was built to load; the fonts it asks for come from elsewhere. */
  private static final String POLICY =
      "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval';"
          + " style-src 'self' 'unsafe-inline' https://fonts.googleapis.com;"
          + " font-src 'self' data: https://fonts.gstatic.com; img-src 'self' data: blob: https:;"
          + " media-src 'self' data: blob:; worker-src 'self' blob:; connect-src 'self' data: blob:;"
          + " frame-src 'self' blob:; base-uri 'self'; object-src 'none'; frame-ancestors 'none'";

  private final Vertx vertx;
  private final WebFiles files;

  WebRoutes(Vertx vertx, WebFiles files) {
    this.vertx = vertx;
    this.files = files;
  }

  void mount(Router router) {
    // Its addresses are relative, so that they need the slash.
    router
        .get("/dev-ui")
        .handler(
            ctx -> {
              if (ctx.request().path().equals(HOME)) {
                file(ctx, DOCUMENT);
              } else {
                redirect(ctx);
              }
            });
    var config =
        JsonNodeFactory.instance.objectNode().put("backendUrl", "").put("telemetry", false);
    router
        .get("/dev-ui/assets/config/runtime-config.json")
        .handler(ctx -> Replies.send(ctx, config));
    var logo = JsonNodeFactory.instance.objectNode().putNull("logo_text").putNull("logo_image_url");
    router.get("/dev-ui/config").handler(ctx -> Replies.send(ctx, logo));
    router
        .get("/dev-ui/*")
        .handler(ctx -> file(ctx, ctx.request().path().substring(HOME.length())));
  }

  private static void redirect(RoutingContext ctx) {
    var query = ctx.request().query();
    ctx.response()
        .setStatusCode(307)
        .putHeader(HttpHeaders.LOCATION, query == null ? HOME : HOME + "?" + query)
        .end();
  }

  private void file(RoutingContext ctx, String name) {
    var known = files.known(name);
    if (known != null) {
      send(ctx, name, known);
      return;
    }
    vertx
        .executeBlocking(() -> files.read(name), false)
        .onSuccess(
            file -> {
              if (file == null) {
                ctx.fail(404);
              } else {
                send(ctx, name, file);
              }
            })
        .onFailure(ctx::fail);
  }

  private void send(RoutingContext ctx, String name, WebFiles.File file) {
    var response = ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, file.mediaType());
    if (name.equals(DOCUMENT)) {
      response.putHeader("Content-Security-Policy", POLICY);
    } else if (name.matches("(chunk|main|polyfills|styles)-\\w+\\.(js|css)")) {
      response.putHeader(HttpHeaders.CACHE_CONTROL, IMMUTABLE);
    }
    response.putHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
    if (ctx.parsedHeaders().acceptEncoding().stream()
        .anyMatch(coding -> coding.value().equals("gzip") && coding.weight() > 0)) {
      response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip").end(file.gzip());
    } else {
      vertx
          .executeBlocking(() -> plain(file.gzip()), false)
          .onSuccess(response::end)
          .onFailure(ctx::fail);
    }
  }

  private static Buffer plain(Buffer gzip) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip.getBytes()))) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("what we compressed is broken", e);
    }
  }
}
