package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * What changes Ollama's store of models, which is not its clients' to change here: a model that is
 * served has been pulled, any other cannot be, and nothing is copied, deleted, made or pushed
 * (ollama-api.md sections 3, 7 and 9).
 */
final class LibraryRoutes {
  private static final OllamaError OPERATORS =
      new OllamaError(403, "models are managed by the operator of this server");
  private static final OllamaError MISSING =
      new OllamaError(500, "pull model manifest: file does not exist");
  private static final Buffer SIGNED_OUT =
      Buffer.buffer("{\"error\":\"unauthorized\",\"signin_url\":\"https://ollama.com/connect\"}");

  private final ModelNames names;

  LibraryRoutes(ModelNames names) {
    this.names = names;
  }

  void mount(Router router, Handler<RoutingContext> bodies) {
    router.post("/api/pull").handler(bodies).handler(this::pull);
    router.post("/api/copy").handler(bodies).handler(this::copy);
    router.delete("/api/delete").handler(bodies).handler(this::delete);
    router.post("/api/push").handler(bodies).handler(LibraryRoutes::refuse);
    router.post("/api/create").handler(bodies).handler(LibraryRoutes::refuse);
    router.post("/api/blobs/:digest").handler(LibraryRoutes::refuse);
    router.head("/api/blobs/:digest").handler(ctx -> ctx.response().setStatusCode(404).end());
    router
        .post("/api/me")
        .handler(bodies)
        .handler(ctx -> Replies.json(ctx.response().setStatusCode(401), SIGNED_OUT.copy()));
  }

  private void pull(RoutingContext ctx) {
    var body = GoStruct.parse("PullRequest", Bodies.of(ctx).getBytes());
    var name = named(body);
    if (!ModelName.isValid(name)) {
      throw OllamaException.badRequest("invalid model name");
    }
    var served = names.of(ctx).find(name);
    if (body.flag("stream", true)) {
      var lines = status(Buffer.buffer(), "pulling manifest");
      served.ifPresentOrElse(
          model -> pulled(lines, model),
          () -> lines.appendBuffer(MISSING.json()).appendString("\n"));
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, Replies.LINES).end(lines);
    } else if (served.isPresent()) {
      Replies.json(ctx.response(), Buffer.buffer("{\"status\":\"success\"}"));
    } else {
      throw MISSING.asException();
    }
  }

  /** A blob that is there already gives one line. */
  private static void pulled(Buffer lines, ServedModel model) {
    var digest = model.facts().digest();
    var size = model.facts().sizeBytes();
    if (digest != null && digest.length() >= 12 && size != null) {
      lines.appendString(
          "{\"status\":\"pulling %s\",\"digest\":\"sha256:%s\",\"total\":%d,\"completed\":%d}\n"
              .formatted(digest.substring(0, 12), digest, size, size));
    }
    status(lines, "verifying sha256 digest");
    status(lines, "writing manifest");
    status(lines, "success");
  }

  private void copy(RoutingContext ctx) {
    var source = GoStruct.parse("CopyRequest", Bodies.of(ctx).getBytes()).text("source");
    if (names.of(ctx).find(source).isEmpty()) {
      throw new OllamaException(new OllamaError(404, "model \"" + source + "\" not found"));
    }
    throw OPERATORS.asException();
  }

  private void delete(RoutingContext ctx) {
    names.of(ctx).require(named(GoStruct.parse("DeleteRequest", Bodies.of(ctx).getBytes())));
    throw OPERATORS.asException();
  }

  private static void refuse(RoutingContext ctx) {
    throw OPERATORS.asException();
  }

  /** Old clients say {@code name}. */
  private static String named(GoStruct body) {
    return body.text("model").isEmpty() ? body.text("name") : body.text("model");
  }

  private static Buffer status(Buffer lines, String status) {
    return lines.appendString("{\"status\":\"" + status + "\"}\n");
  }
}
