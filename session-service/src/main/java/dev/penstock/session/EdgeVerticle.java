package dev.penstock.session;

import dev.penstock.kit.http.HttpListener;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Function;
import java.util.function.IntConsumer;

/** One event loop's share of the port; what its routes block are virtual threads. */
final class EdgeVerticle extends VerticleBase {
  private final Function<Vertx, Router> routes;
  private final HttpServerOptions options;
  private final IntConsumer listensOn;

  /**
   * Shares the port with its siblings.
   *
   * @param listensOn told the port, once it answers
   */
  EdgeVerticle(Function<Vertx, Router> routes, HttpServerOptions options, IntConsumer listensOn) {
    this.routes = routes;
    this.options = options;
    this.listensOn = listensOn;
  }

  @Override
  public Future<?> start() {
    return HttpListener.listen(vertx, options, HttpListener.Bounds.INTERNAL, routes.apply(vertx))
        .onSuccess(server -> listensOn.accept(server.actualPort()));
  }
}
