package dev.penstock.gateway.page;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * The page over HTTP. {@code /} also has a form for programs, which is not this package's; so the
 * document comes as a predicate and a handler, and only the files are mounted.
 */
public final class PageRoutes {
  private static final String IMMUTABLE = "public, max-age=31536000, immutable";

  private final PageAssets assets;

  public PageRoutes(PageAssets assets) {
    this.assets = assets;
  }

  /**
   * True where the client names {@code text/html} and does not prefer {@code application/json} to
   * it; {@code *}{@code /*} alone, as programs send it, is not a wish for a page.
   */
  public static boolean wantsPage(RoutingContext ctx) {
    for (var range : ctx.parsedHeaders().accept()) {
      switch (range.component() + "/" + range.subComponent()) {
        case "text/html" -> {
          return range.weight() > 0;
        }
        case "application/json" -> {
          return false;
        }
        default -> {}
      }
    }
    return false;
  }

  /** Answers with the document and the headers it is to be run under (CP-53). */
  public void page(RoutingContext ctx) {
    var headers = ctx.response().headers();
    headers.set("Content-Security-Policy", assets.policy());
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("Cross-Origin-Opener-Policy", "same-origin");
    headers.set(HttpHeaders.CACHE_CONTROL, "no-cache");
    headers.add(HttpHeaders.VARY, HttpHeaders.ACCEPT);
    AssetReply.send(ctx, assets.document());
  }

  /**
   * Mounts {@code GET} and {@code HEAD /assets/…}; an unknown or outdated name is left to the next
   * route.
   */
  public void mountAssets(Router router) {
    router.route("/assets/*").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::asset);
  }

  private void asset(RoutingContext ctx) {
    var asset = assets.find(ctx.request().path());
    if (asset == null) {
      ctx.next();
      return;
    }
    ctx.response().putHeader(HttpHeaders.CACHE_CONTROL, IMMUTABLE);
    AssetReply.send(ctx, asset);
  }
}
