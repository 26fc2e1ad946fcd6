package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.authentication.Unauthenticated;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.edge.CallerBodies;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemException;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The Gemini API under {@code /v1beta} and the other versions its clients use, with Vertex AI's
 * paths (gemini-api.md section 1). Of {@code /v1/models}, which is OpenAI's too, it takes what is
 * plainly Gemini's. One per verticle instance, confined to its event loop.
 */
public final class GeminiRoutes {
  private static final List<String> OWN =
      List.of(
          "/v1beta/*",
          "/v1beta1/*",
          "/v1alpha/*",
          "/v1/projects/*",
          "/v1/publishers/*",
          "/v1/tunedModels/*");
  private static final String SHARED = "/v1/models";
  private static final int BUDGET_DIGITS = 6;

  private final Answers answers;
  private final ModelCatalog models;
  private final ModelFit fit;
  private final AnswerConfig config;
  private final ProblemHandler otherFailures =
      new ProblemHandler(Problems::of, GeminiRoutes::envelope);

  public GeminiRoutes(Answers answers, ModelCatalog models, AnswerConfig config) {
    this.answers = answers;
    this.models = models;
    this.fit = new ModelFit(models);
    this.config = config;
  }

  /**
   * Adds the routes; the {@link Caller} must come before them, and whoever else answers {@code
   * /v1/models} after.
   */
  public void mount(Router router) {
    var bodies = new CallerBodies(config.maxBodyBytes());
    for (var path : OWN) {
      router.post(path).handler(bodies).handler(this::call);
      router.get(path).handler(this::catalog);
      router.route(path).failureHandler(this::failed);
    }
    router.post(SHARED + "/*").handler(bodies).handler(this::sharedCall);
    router.get(SHARED + "/*").handler(this::sharedCatalog);
    router.route(SHARED + "/*").failureHandler(this::sharedFailed);
  }

  private void sharedCall(RoutingContext ctx) {
    if (isPlainlyOurs(ctx)) {
      call(ctx);
    } else {
      ctx.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
      ctx.fail(405);
    }
  }

  private void sharedCatalog(RoutingContext ctx) {
    if (isPlainlyOurs(ctx)) {
      catalog(ctx);
    } else {
      ctx.next();
    }
  }

  private void sharedFailed(RoutingContext ctx) {
    if (isPlainlyOurs(ctx)) {
      failed(ctx);
    } else {
      ctx.next();
    }
  }

  private static boolean isPlainlyOurs(RoutingContext ctx) {
    var request = ctx.request();
    var path = request.path();
    return request.headers().contains("x-goog-api-key")
        || request.headers().contains("x-goog-api-client")
        || !ctx.queryParam("key").isEmpty()
        || (request.method().equals(HttpMethod.POST)
            && Method.isKnown(path.substring(path.lastIndexOf(':') + 1)));
  }

  private void call(RoutingContext ctx) {
    var call = Target.of(ctx.request().path()).call();
    switch (Method.of(call.method())) {
      case GENERATE -> generate(ctx, call.model());
      case STREAM -> stream(ctx, call.model());
      case COUNT -> count(ctx, call.model());
    }
  }

  private void generate(RoutingContext ctx, String model) {
    var asked = GenerateRequestDecoder.decode(body(ctx));
    answers.whole(
        ctx,
        generation(ctx, model, asked, config.wholeDeadline()),
        new ContentDocumentEncoder(AnswerNames.next(model, asked.isText()), asked.isEnum()));
  }

  private void stream(RoutingContext ctx, String model) {
    var framing = framing(ctx);
    var asked = GenerateRequestDecoder.decode(body(ctx));
    answers.stream(
        ctx,
        generation(ctx, model, asked, config.streamDeadline()),
        new ContentStreamEncoder(AnswerNames.next(model, asked.isText()), framing, asked.isEnum()));
  }

  private void count(RoutingContext ctx, String model) {
    var asked = CountRequestDecoder.decode(body(ctx)).toCount();
    answers.whole(
        ctx,
        generation(ctx, model, asked, config.wholeDeadline()),
        new TokenCountEncoder(asked.isText()));
  }

  private GenerationRequest generation(
      RoutingContext ctx, String model, GenerateRequest asked, Duration deadline) {
    return fit.to(
        new GenerationRequest(
            Caller.of(ctx).tenant(),
            null,
            model,
            asked.messages(),
            asked.options(),
            false,
            Priority.INTERACTIVE,
            deadlineMs(ctx, deadline),
            asked.form()));
  }

  /** Clients that were given a timeout say so in whole seconds. */
  private static long deadlineMs(RoutingContext ctx, Duration ours) {
    var theirs = ctx.request().getHeader("X-Server-Timeout");
    return theirs != null && theirs.matches("[1-9]\\d{0," + (BUDGET_DIGITS - 1) + "}")
        ? Math.min(ours.toMillis(), Long.parseLong(theirs) * 1_000)
        : ours.toMillis();
  }

  private static Framing framing(RoutingContext ctx) {
    var alt = ctx.queryParam("alt").stream().findFirst().orElse("json");
    return switch (alt) {
      case "sse" -> new Framing.Events();
      case "json", "" -> new Framing.Array();
      default -> throw Members.invalid("alt", "sse or json");
    };
  }

  private void catalog(RoutingContext ctx) {
    var target = Target.of(ctx.request().path());
    var seen = models.seenBy(Caller.of(ctx).rights().models());
    var json =
        target.id().isEmpty()
            ? ModelPages.page(
                seen.models(), target.vertex(), pageSize(ctx), parameter(ctx, "pageToken"))
            : seen.find(target.id())
                .map(model -> ModelPages.json(model, target.vertex()))
                .orElseThrow(() -> noModel(target.id()));
    ctx.response()
        .putHeader(HttpHeaders.CONTENT_TYPE, GeminiError.JSON)
        .end(Buffer.buffer(json.toString()));
  }

  private static GeminiException noModel(String id) {
    return new GeminiException(
        GeminiError.of(
            RpcStatus.NOT_FOUND, "The model models/" + id + " is not served here; list them."));
  }

  private static int pageSize(RoutingContext ctx) {
    var size = parameter(ctx, "pageSize");
    if (size == null || size.matches("0+")) {
      return ModelPages.DEFAULT_SIZE;
    }
    if (!size.matches("\\d{1,9}")) {
      throw Members.invalid("pageSize", "a whole number of at least 0");
    }
    return Integer.parseInt(size);
  }

  private static @Nullable String parameter(RoutingContext ctx, String name) {
    return ctx.queryParam(name).stream().filter(value -> !value.isEmpty()).findFirst().orElse(null);
  }

  private static JsonNode body(RoutingContext ctx) {
    var type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type != null && !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new GeminiException(
          GeminiError.of(
              RpcStatus.INVALID_ARGUMENT, "Send the body as Content-Type: application/json."));
    }
    var body = ctx.body().buffer();
    return StrictJson.parse(body == null ? Buffer.buffer() : body);
  }

  private void failed(RoutingContext ctx) {
    var response = ctx.response();
    if (ctx.failure() instanceof GeminiException known && !response.headWritten()) {
      known.error().answer(response);
    } else if (ctx.failure() instanceof FailureException && Unauthenticated.of(ctx).isPresent()) {
      var status = GeminiError.of(Unauthenticated.of(ctx).get()).status().http();
      refuse(ctx, status, FailureCode.UNAUTHENTICATED, Unauthenticated.FAILURE.detail());
    } else if (ctx.failure() == null && ctx.statusCode() == 405) {
      refuse(ctx, 404, FailureCode.NOT_FOUND, "There is no such method at this path.");
    } else if (ctx.failure() == null && ctx.statusCode() == 413) {
      refuse(ctx, 400, FailureCode.INVALID_REQUEST, "The body is longer than is read here.");
    } else {
      otherFailures.handle(ctx);
    }
  }

  private static ProblemHandler.Envelope envelope(RoutingContext ctx, Problem problem) {
    var error =
        Unauthenticated.of(ctx).map(GeminiError::of).orElseGet(() -> GeminiError.of(problem));
    return new ProblemHandler.Envelope(GeminiError.JSON, error.json());
  }

  /** In place of a status that this dialect's servers do not have. */
  private static void refuse(RoutingContext ctx, int status, FailureCode code, String detail) {
    ctx.fail(new ProblemException(Problem.of(status, code.wire(), code.title(), detail)));
  }
}
