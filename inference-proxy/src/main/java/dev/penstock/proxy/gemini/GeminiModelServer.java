package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.proxy.exchange.Questions;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Asks Gemini's own API about a model. It lists none: what is paid for by the token is served only
 * where the configuration names it. Nothing has to be loaded and nothing continues.
 */
public final class GeminiModelServer implements ModelServer {
  private final String name;
  private final Questions questions;
  private final GeminiSite site;
  private final Duration list;
  private final Duration start;
  private final Map<String, LoadedModel> asked = new HashMap<>();

  /**
   * Gemini at that site.
   *
   * @param server of the admission's context
   * @param list how long a list may take
   * @param start how long an answer about a model may take
   */
  public GeminiModelServer(
      String name, ServerConnection server, GeminiSite site, Duration list, Duration start) {
    this.name = name;
    this.questions = new Questions(server, GeminiErrors::ofStatus);
    this.site = site;
    this.list = list;
    this.start = start;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ServedModel.Kind kind() {
    return ServedModel.Kind.MANAGED;
  }

  /** Empty, once the API has answered at all. */
  @Override
  public Future<List<InstalledModel>> installed() {
    return questions.ask(site.list(), null, list, _ -> List.of());
  }

  @Override
  public Future<List<LoadedModel>> loaded() {
    return Future.succeededFuture(List.copyOf(asked.values()));
  }

  @Override
  public Future<Void> load(String model) {
    asked.putIfAbsent(model, new LoadedModel(model, null));
    return Future.succeededFuture();
  }

  @Override
  public Future<Boolean> continues(String model) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return questions
        .ask(site.about(model), null, start, about -> facts(model, about))
        .onSuccess(facts -> asked.put(model, new LoadedModel(model, facts.trainedContextLength())));
  }

  private static ModelFacts facts(String model, JsonNode about) {
    var capabilities = GeminiModels.capabilities(model);
    if (about.path("thinking").asBoolean()) {
      capabilities.add(Capability.THINKING);
    }
    var limit = about.path("inputTokenLimit").asInt();
    return new ModelFacts(
        capabilities, "gemini", null, null, null, limit > 0 ? limit : null, null, null, null, null);
  }
}
