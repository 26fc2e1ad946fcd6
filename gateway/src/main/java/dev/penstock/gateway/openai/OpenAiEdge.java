package dev.penstock.gateway.openai;

import static java.lang.System.Logger.Level.DEBUG;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.edge.CallerBodies;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/** What all routes of this dialect share: how a body is read and how a failure looks. */
final class OpenAiEdge {
  private static final System.Logger LOG = System.getLogger(OpenAiEdge.class.getName());

  /** What clients of this dialect may ask for under {@code /v1}, whether it is served or not. */
  private static final List<String> PREFIXES =
      List.of(
          "assistants",
          "audio",
          "batches",
          "chat",
          "completions",
          "containers",
          "conversations",
          "edits",
          "embeddings",
          "engines",
          "evals",
          "files",
          "fine_tuning",
          "images",
          "moderations",
          "organization",
          "realtime",
          "responses",
          "threads",
          "uploads",
          "vector_stores",
          "videos");

  private final int maxBodyBytes;
  private final ProblemHandler otherFailures =
      new ProblemHandler(Problems::of, OpenAiEdge::envelope);

  OpenAiEdge(int maxBodyBytes) {
    this.maxBodyBytes = maxBodyBytes;
  }

  /** Answers failures under all paths of this dialect in its form, unknown routes included. */
  void mountFailures(Router router) {
    for (var prefix : PREFIXES) {
      router.route("/v1/" + prefix).failureHandler(this::failed);
      router.route("/v1/" + prefix + "/*").failureHandler(this::failed);
    }
  }

  /** Reads a body, if there is one. */
  Handler<RoutingContext> body() {
    return new CallerBodies(maxBodyBytes);
  }

  /** Adds a route that is given its body as JSON. */
  void post(Router router, String path, BiConsumer<RoutingContext, JsonNode> handler) {
    router
        .post(path)
        .handler(body())
        .handler(
            ctx -> {
              checkContentType(ctx);
              noteReplay(ctx);
              handler.accept(ctx, StrictJson.parse(body(ctx)));
            })
        .failureHandler(this::failed);
    router
        .route(path)
        .handler(
            ctx -> {
              ctx.response().putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
              ctx.fail(405);
            })
        .failureHandler(this::failed);
  }

  /** Answers what failed a request in this dialect's form. */
  void failed(RoutingContext ctx) {
    if (ctx.response().headWritten()) {
      otherFailures.handle(ctx);
    } else if (ctx.failure() instanceof OpenAiException known) {
      ResponseHead.now().error(ctx.response(), known.error());
    } else if (ctx.failure() instanceof FailureException known && ctx.request().isEnded()) {
      ResponseHead.now().refuse(ctx.response(), known.failure());
    } else {
      otherFailures.handle(ctx);
    }
  }

  private static ProblemHandler.Envelope envelope(RoutingContext ctx, Problem problem) {
    var error = OpenAiError.of(problem);
    ResponseHead.now().errorOfOthers(ctx.response(), error);
    return new ProblemHandler.Envelope("application/json", error.json());
  }

  private static Buffer body(RoutingContext ctx) {
    var body = ctx.body().buffer();
    return body == null ? Buffer.buffer() : body;
  }

  private static void checkContentType(RoutingContext ctx) {
    var type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new OpenAiException(
          new OpenAiError(
              415, null, "Send the body as Content-Type: application/json.", null, null, false));
    }
  }

  /** The only sign that an official client sends the same request again. */
  private static void noteReplay(RoutingContext ctx) {
    var retry = ctx.request().getHeader("x-stainless-retry-count");
    if (retry != null && !retry.equals("0") && LOG.isLoggable(DEBUG)) {
      LOG.log(DEBUG, "request " + RequestId.of(ctx) + " is a client's own repetition");
    }
  }
}
