package dev.penstock.proxy.models;

import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Supplier;

/**
 * {@code GET /models} → {@link ServedModel.Page}, each entry with {@code alias_of} besides; {@code
 * POST /models/{id}/probe} → {@link ServedModel}, after the model was loaded if it was not.
 */
public final class ModelsRoutes {
  private final Vertx vertx;
  private final Context control;

  private ModelsRoutes(Vertx vertx, Context control) {
    this.vertx = vertx;
    this.control = control;
  }

  /**
   * Mounts the routes.
   *
   * @param control the context {@code models} is confined to
   */
  public static void mount(Router router, Vertx vertx, Context control, ServedModels models) {
    var routes = new ModelsRoutes(vertx, control);
    router
        .get("/models")
        .handler(ctx -> routes.answer(ctx, () -> models.list().map(ListedModel.Page::new)));
    router
        .post("/models/:id/probe")
        .handler(ctx -> routes.answer(ctx, () -> models.probe(ctx.pathParam("id"))));
  }

  /** Asks on the control context and answers on the request's own. */
  private void answer(RoutingContext ctx, Supplier<Future<?>> question) {
    var home = vertx.getOrCreateContext();
    control.runOnContext(
        _ ->
            question
                .get()
                .onComplete(
                    answer ->
                        home.runOnContext(
                            _ -> {
                              if (answer.failed()) {
                                ctx.fail(answer.cause());
                              } else {
                                ctx.response()
                                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                                    .end(Wire.encode(answer.result()));
                              }
                            })));
  }
}
