package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.proxy.exchange.Questions;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks Ollama about its models: {@code GET /api/tags}, {@code GET /api/ps}, {@code POST /api/show},
 * and {@code POST /api/chat} to load and to probe.
 */
public final class OllamaModelServer implements ModelServer {
  private final String name;
  private final Questions questions;
  private final OllamaAddress address;
  private final Times times;

  /**
   * How long answers may take.
   *
   * @param list lists and descriptions
   * @param start what a server that is starting may need for its first answer
   * @param load a model's load
   */
  public record Times(Duration list, Duration start, Duration load) {}

  /**
   * The Ollama at that address.
   *
   * @param server of the admission's context
   */
  public OllamaModelServer(
      String name, ServerConnection server, OllamaAddress address, Times times) {
    this.name = name;
    this.questions = new Questions(server, OllamaErrors::ofStatus);
    this.address = address;
    this.times = times;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<List<InstalledModel>> installed() {
    return questions.ask(
        OllamaUpstream.get(address, "/api/tags"), null, times.list(), OllamaModelServer::installed);
  }

  @Override
  public Future<List<LoadedModel>> loaded() {
    return questions.ask(
        OllamaUpstream.get(address, "/api/ps"), null, times.start(), OllamaModelServer::loaded);
  }

  @Override
  public Future<Void> load(String model) {
    return facts(model)
        .compose(
            facts ->
                facts.lacks(Capability.COMPLETION)
                    ? load("/api/embed", OllamaEmbedRequest.load(model))
                    : load("/api/chat", OllamaChatRequest.load(model)));
  }

  private Future<Void> load(String route, Buffer body) {
    return questions
        .ask(OllamaUpstream.post(address, route), body, times.load(), _ -> true)
        .mapEmpty();
  }

  @Override
  public Future<Boolean> continues(String model) {
    return questions.ask(
        OllamaUpstream.post(address, "/api/chat"),
        OllamaChatRequest.renderMarker(model),
        times.start(),
        answer ->
            answer
                .path("_debug_info")
                .path("rendered_template")
                .asText()
                .endsWith(OllamaChatRequest.MARKER));
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return questions.ask(
        OllamaUpstream.post(address, "/api/show"),
        OllamaChatRequest.show(model),
        times.start(),
        OllamaModelFacts::shown);
  }

  private static List<InstalledModel> installed(JsonNode answer) {
    var models = new ArrayList<InstalledModel>();
    for (var model : answer.path("models")) {
      var facts = OllamaModelFacts.listed(model);
      var modified = facts.modifiedAt();
      models.add(
          new InstalledModel(
              model.path("name").asText(),
              modified == null ? 0 : modified.getEpochSecond(),
              facts));
    }
    return models;
  }

  private static List<LoadedModel> loaded(JsonNode answer) {
    var models = new ArrayList<LoadedModel>();
    for (var model : answer.path("models")) {
      var contextLength = model.path("context_length").asInt();
      models.add(
          new LoadedModel(model.path("name").asText(), contextLength > 0 ? contextLength : null));
    }
    return models;
  }
}
