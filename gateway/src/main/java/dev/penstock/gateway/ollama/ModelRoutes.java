package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Locale;

/** What can be read without a generation: the models, the version (ollama-api.md section 9). */
final class ModelRoutes {
  /** The Ollama that is spoken here; clients ask before they use what is new. */
  static final String VERSION = "0.32.15";

  private static final String RUNNING = "Ollama is running";
  private static final Buffer VERSION_DOCUMENT = Buffer.buffer("{\"version\":\"" + VERSION + "\"}");
  private static final Buffer STATUS_DOCUMENT =
      Buffer.buffer("{\"cloud\":{\"disabled\":true,\"source\":\"env\"}}");

  private final ModelNames names;
  private final InstantSource clock;

  ModelRoutes(ModelNames names, InstantSource clock) {
    this.names = names;
    this.clock = clock;
  }

  void mount(Router router, Handler<RoutingContext> bodies) {
    router.get("/").handler(ModelRoutes::running);
    router
        .get("/api/version")
        .handler(ctx -> Replies.json(ctx.response(), VERSION_DOCUMENT.copy()));
    router.get("/api/status").handler(ctx -> Replies.json(ctx.response(), STATUS_DOCUMENT.copy()));
    router
        .get("/api/tags")
        .handler(ctx -> json(ctx, ModelDocuments.tags(names.of(ctx).models().models())));
    router
        .get("/api/ps")
        .handler(
            ctx ->
                json(ctx, ModelDocuments.loaded(names.of(ctx).models().models(), clock.instant())));
    router.post("/api/show").handler(bodies).handler(this::show);
  }

  /** For Ollama's own clients; everybody else is told what this is by the next route. */
  private static void running(RoutingContext ctx) {
    var agent = ctx.request().getHeader(HttpHeaders.USER_AGENT);
    if (agent != null && agent.toLowerCase(Locale.ROOT).startsWith("ollama")) {
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8").end(RUNNING);
    } else {
      ctx.next();
    }
  }

  private void show(RoutingContext ctx) {
    var body = GoStruct.parse("ShowRequest", Bodies.of(ctx).getBytes());
    var name = body.text("model").isEmpty() ? body.text("name") : body.text("model");
    if (name.isEmpty()) {
      throw OllamaException.badRequest("model is required");
    }
    var model =
        names
            .of(ctx)
            .find(name)
            .orElseThrow(() -> OllamaError.modelNotFound(ModelName.withTag(name)).asException());
    json(ctx, ModelDocuments.shown(model));
  }

  private static void json(RoutingContext ctx, JsonNode document) {
    Replies.json(ctx.response(), Buffer.buffer(document.toString()));
  }
}
