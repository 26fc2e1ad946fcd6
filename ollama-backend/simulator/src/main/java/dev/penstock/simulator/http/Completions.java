package dev.penstock.simulator.http;

import dev.penstock.simulator.answer.OfferedTool;
import dev.penstock.simulator.answer.PromptMessage;
import dev.penstock.simulator.catalog.Catalog;
import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.engine.Engine;
import dev.penstock.simulator.engine.Scheduler;
import dev.penstock.simulator.wire.ChatRequest;
import dev.penstock.simulator.wire.DoneReason;
import dev.penstock.simulator.wire.FrameEncoder;
import dev.penstock.simulator.wire.GenerateRequest;
import dev.penstock.simulator.wire.GenerationMetrics;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.Said;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /api/chat} and {@code POST /api/generate}: generate, load, unload, or show the
 * prompt. The checks come in Ollama's order, which differs between the two.
 */
final class Completions {
  private final Catalog catalog;
  private final Scheduler scheduler;
  private final Engine engine;
  private final Limits limits;

  Completions(Catalog catalog, Scheduler scheduler, Engine engine, Limits limits) {
    this.catalog = catalog;
    this.scheduler = scheduler;
    this.engine = engine;
    this.limits = limits;
  }

  void chat(Exchange exchange) {
    var request = ChatRequest.parse(exchange.body());
    if (request.model().isEmpty()) {
      throw OllamaError.badRequest("model is required");
    }
    var model = require(request.model());
    var frames = scoring(FrameEncoder.ofChat(request.model()), request.topLogprobs());
    if (request.messages().isEmpty() && isZero(request.keepAlive())) {
      unload(exchange, model, frames);
      return;
    }
    requireCompletion(model, request.model(), "chat");
    var think = think(model, request.model(), request.think());
    if (!request.tools().isEmpty() && !model.can("tools")) {
      throw OllamaError.badRequest(model.qualifiedName() + " does not support tools");
    }
    var options = request.options();
    if (request.messages().isEmpty()) {
      load(exchange, model, request.keepAlive(), () -> loaded(frames));
      return;
    }
    requireSight(model, request.messages());
    var tools = OfferedTool.declarations(request.tools());
    var prompt = model.template().render(request.messages(), think, tools);
    if (request.renderOnly()) {
      load(exchange, model, request.keepAlive(), () -> frames.rendered(Instant.now(), prompt));
      return;
    }
    var completion =
        new Completion(
            model,
            request.keepAlive(),
            request.messages(),
            prompt,
            think,
            request.tools(),
            request.format(),
            request.topLogprobs() >= 0,
            request.truncate(),
            request.shift(),
            options);
    generate(exchange, completion, frames, Context.NONE, request.stream());
  }

  void generate(Exchange exchange) {
    var request = GenerateRequest.parse(exchange.body());
    var model = require(request.model());
    var frames = scoring(FrameEncoder.ofGenerate(request.model()), request.topLogprobs());
    if (request.prompt().isEmpty() && isZero(request.keepAlive())) {
      unload(exchange, model, frames);
      return;
    }
    requireCompletion(model, request.model(), "generate");
    if (request.raw()
        && (!request.template().isEmpty() || !request.system().isEmpty() || request.hasContext())) {
      throw OllamaError.badRequest("raw mode does not support template, system, or context");
    }
    var think = think(model, request.model(), request.think());
    if (!request.suffix().isEmpty() && !model.can("insert")) {
      throw OllamaError.badRequest(model.qualifiedName() + " does not support insert");
    }
    var options = request.options();
    if (request.prompt().isEmpty()) {
      load(exchange, model, request.keepAlive(), () -> loaded(frames));
      return;
    }
    requireSight(model, request.messages());
    var prompt =
        request.raw() ? request.prompt() : model.template().render(request.messages(), think, "");
    if (request.renderOnly()) {
      load(exchange, model, request.keepAlive(), () -> frames.rendered(Instant.now(), prompt));
      return;
    }
    var completion =
        new Completion(
            model,
            request.keepAlive(),
            request.messages(),
            prompt,
            think,
            List.of(),
            request.format(),
            request.topLogprobs() >= 0,
            request.truncate(),
            request.shift(),
            options);
    generate(
        exchange,
        completion,
        frames,
        request.raw() ? Context.NONE : Context.WHOLE,
        request.stream());
  }

  private void generate(
      Exchange exchange,
      Completion completion,
      FrameEncoder frames,
      Context context,
      boolean stream) {
    var reply =
        stream
            ? new StreamReply(exchange.request(), frames, context)
            : new WholeReply(exchange, frames, context);
    var generation = engine.prepare(completion.order(limits), exchange.startedAt(), reply);
    exchange.onClientGone(generation::cancel);
    generation.start();
  }

  private void load(
      Exchange exchange,
      SimulatedModel model,
      @Nullable Duration keepAlive,
      Supplier<Buffer> answer) {
    var loading = new Loading(scheduler, () -> exchange.json(200, answer.get()));
    exchange.onClientGone(loading::cancel);
    loading.start(model, keepAlive);
  }

  private void unload(Exchange exchange, SimulatedModel model, FrameEncoder frames) {
    scheduler.expire(model);
    exchange.json(200, whole(frames, DoneReason.UNLOAD));
  }

  private static Buffer loaded(FrameEncoder frames) {
    return whole(frames, DoneReason.LOAD);
  }

  private static Buffer whole(FrameEncoder frames, DoneReason reason) {
    return frames.whole(Instant.now(), Said.NOTHING, reason, new int[0], GenerationMetrics.NONE);
  }

  private static FrameEncoder scoring(FrameEncoder frames, int topLogprobs) {
    return topLogprobs < 0 ? frames : frames.scoring(topLogprobs);
  }

  private static void requireCompletion(SimulatedModel model, String asked, String what) {
    if (!model.can("completion")) {
      throw OllamaError.badRequest("\"" + asked + "\" does not support " + what);
    }
  }

  private static void requireSight(SimulatedModel model, List<PromptMessage> messages) {
    if (!model.can("vision") && messages.stream().anyMatch(each -> each.pictures() > 0)) {
      throw OllamaError.badRequest("this model is missing data required for image input");
    }
  }

  private SimulatedModel require(String name) {
    return catalog.find(name).orElseThrow(() -> OllamaError.modelNotFound(name));
  }

  private static boolean think(SimulatedModel model, String asked, Optional<Boolean> wanted) {
    if (!model.thinks() && wanted.orElse(false)) {
      throw OllamaError.badRequest("\"" + asked + "\" does not support thinking");
    }
    return model.thinks() && wanted.orElse(true);
  }

  private static boolean isZero(@Nullable Duration keepAlive) {
    return keepAlive != null && keepAlive.isZero();
  }
}
