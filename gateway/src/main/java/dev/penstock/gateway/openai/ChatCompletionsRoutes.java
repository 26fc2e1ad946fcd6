package dev.penstock.gateway.openai;

import static java.lang.System.Logger.Level.DEBUG;

import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.ModelCatalog;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.kit.http.RequestId;
import dev.penstock.kit.problem.ProblemHandler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.time.Instant;
import java.util.Locale;

/**
 * {@code POST /v1/chat/completions}: text in, text out, streamed or whole (openai-api.md section
 * 4). One per verticle instance, confined to its event loop. A client that closes its connection at
 * any point cancels its generation.
 */
public final class ChatCompletionsRoutes {
  private static final System.Logger LOG = System.getLogger(ChatCompletionsRoutes.class.getName());
  private static final String PATH = "/v1/chat/completions";
  private final Answers answers;
  private final ModelCatalog models;
  private final AnswerConfig config;
  private final ProblemHandler otherFailures =
      new ProblemHandler(
          Problems::of,
          (ctx, problem) ->
              new ProblemHandler.Envelope("application/json", OpenAiError.of(problem).json()));

  /** Routes whose answers are {@code answers}'. */
  public ChatCompletionsRoutes(Answers answers, ModelCatalog models, AnswerConfig config) {
    this.answers = answers;
    this.models = models;
    this.config = config;
  }

  /** Adds the route; {@link RequestId} and the {@link Caller} must come before it. */
  public void mount(Router router) {
    router
        .post(PATH)
        .handler(BodyHandler.create(false).setBodyLimit(config.maxBodyBytes()))
        .handler(this::answer)
        .failureHandler(this::failed);
    router
        .route(PATH)
        .handler(
            ctx -> {
              ctx.response().putHeader(HttpHeaders.ALLOW, HttpMethod.POST.name());
              ctx.fail(405);
            })
        .failureHandler(this::failed);
  }

  private void answer(RoutingContext ctx) {
    var accepted = System.nanoTime();
    checkContentType(ctx);
    noteReplay(ctx);
    var asked = ChatCompletionDecoder.decode(StrictJson.parse(body(ctx)));
    var completion = CompletionId.next(asked.model(), Instant.now());
    var head = new ResponseHead(accepted);
    var generation = generation(Caller.of(ctx).tenant(), asked);
    if (asked.stream()) {
      answers.stream(
          ctx.request(), generation, new ChatChunkEncoder(head, completion, asked.includeUsage()));
    } else {
      answers.whole(ctx.request(), generation, new ChatCompletionEncoder(head, completion));
    }
  }

  private GenerationRequest generation(String tenant, ChatCompletion asked) {
    var deadline = asked.stream() ? config.streamDeadline() : config.wholeDeadline();
    return new GenerationRequest(
        tenant,
        asked.affinity() == null ? null : AffinityKey.of(tenant, asked.affinity()),
        asked.model(),
        asked.messages(),
        thinkable(asked.model(), asked.options()),
        false,
        Priority.INTERACTIVE,
        deadline.toMillis());
  }

  /** Clients send an effort to every model; one that cannot think ignores it. */
  private GenerationOptions thinkable(String model, GenerationOptions options) {
    var thinks = models.find(model).map(ServedModel::thinks).orElse(true);
    return thinks ? options : options.withThink(null);
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

  private void failed(RoutingContext ctx) {
    if (ctx.failure() instanceof OpenAiException known && !ctx.response().headWritten()) {
      new ResponseHead(System.nanoTime()).error(ctx.response(), known.error());
    } else {
      otherFailures.handle(ctx);
    }
  }
}
