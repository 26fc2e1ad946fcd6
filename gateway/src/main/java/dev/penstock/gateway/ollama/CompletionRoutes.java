package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.answer.AnswerConfig;
import dev.penstock.gateway.answer.Answers;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.ollama.FrameEncoder.Said;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code POST /api/chat} and {@code POST /api/generate}: answer, load or unload (ollama-api.md
 * sections 4, 5 and 8).
 */
final class CompletionRoutes {
  private final ModelNames names;
  private final Answers answers;
  private final AnswerConfig config;
  private final InstantSource clock;

  CompletionRoutes(ModelNames names, Answers answers, AnswerConfig config, InstantSource clock) {
    this.names = names;
    this.answers = answers;
    this.config = config;
    this.clock = clock;
  }

  void mount(Router router, Handler<RoutingContext> bodies) {
    router.post("/api/chat").handler(bodies).handler(this::chat);
    router.post("/api/generate").handler(bodies).handler(this::generate);
  }

  private void chat(RoutingContext ctx) {
    var accepted = System.nanoTime();
    var asked = ChatRequest.parse(Bodies.of(ctx));
    var served = names.of(ctx).require(asked.model());
    var empty = asked.messages().isEmpty();
    if (empty && asked.unload()) {
      say(ctx, reply(asked.model(), true, accepted), "unload");
      return;
    }
    var completion = asked.completion(served);
    if (empty) {
      load(ctx, served, reply(asked.model(), true, accepted));
    } else {
      answer(ctx, completion, asked.stream(), reply(asked.model(), true, accepted));
    }
  }

  private void generate(RoutingContext ctx) {
    var accepted = System.nanoTime();
    var asked = GenerateRequest.parse(Bodies.of(ctx));
    var served = names.of(ctx).require(asked.model());
    var empty = asked.prompt().isEmpty();
    if (empty && asked.unload()) {
      say(ctx, reply(asked.model(), false, accepted), "unload");
      return;
    }
    var completion = asked.completion(served);
    if (empty) {
      load(ctx, served, reply(asked.model(), false, accepted));
    } else {
      var reply = new Reply(asked.model(), false, completion.messages(), accepted, clock);
      answer(ctx, completion, asked.stream(), reply);
    }
  }

  private void answer(RoutingContext ctx, Completion completion, boolean stream, Reply reply) {
    var asked = generation(ctx.request(), Caller.of(ctx).tenant(), completion, stream);
    if (stream) {
      answers.stream(ctx, asked, new LineEncoder(reply));
    } else {
      answers.whole(ctx, asked, new ObjectEncoder(reply));
    }
  }

  private GenerationRequest generation(
      HttpServerRequest request, String tenant, Completion completion, boolean stream) {
    var deadline = stream ? config.streamDeadline() : config.wholeDeadline();
    return new GenerationRequest(
        tenant,
        Affinity.of(request, tenant),
        completion.model(),
        completion.messages(),
        completion.options(),
        false,
        Priority.INTERACTIVE,
        deadline.toMillis(),
        completion.form());
  }

  /** Loading goes on without its client, since others may wait for it too (turns.md T-39). */
  private void load(RoutingContext ctx, ServedModel served, Reply reply) {
    names
        .models()
        .probe(served.id())
        .onSuccess(_ -> say(ctx, reply, "load"))
        .onFailure(
            cause ->
                ctx.fail(
                    cause instanceof FailureException known
                        ? OllamaError.of(known.failure(), reply.model()).asException()
                        : cause));
  }

  /** One object without metrics, even where a stream was asked for. */
  private static void say(RoutingContext ctx, Reply reply, String reason) {
    var out = Buffer.buffer();
    reply
        .frames()
        .last(out, reply.clock().instant(), Said.NOTHING, reason, new int[0], Metrics.NONE);
    Replies.json(ctx.response(), out);
  }

  private Reply reply(String model, boolean chat, long accepted) {
    return new Reply(model, chat, List.of(), accepted, clock);
  }
}
