package dev.penstock.proxy.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.proxy.exchange.Questions;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Asks {@code GET /models}. Such a server has the models it lists in memory and cannot be made to
 * load others. Whether one continues cannot be found out there, so that is the configuration's to
 * say.
 */
public final class OpenAiModelServer implements ModelServer {
  private final String name;
  private final Questions questions;
  private final ServerAddress address;
  private final Duration list;
  private final Duration start;

  /**
   * The server at that address.
   *
   * @param server of the admission's context
   * @param list how long a list may take
   * @param start what a server that is starting may need for its first answer
   */
  public OpenAiModelServer(
      String name, ServerConnection server, ServerAddress address, Duration list, Duration start) {
    this.name = name;
    this.questions = new Questions(server, OpenAiErrors::ofStatus);
    this.address = address;
    this.list = list;
    this.start = start;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Future<List<InstalledModel>> installed() {
    return listed(list).map(models -> models.stream().map(ListedModel::installed).toList());
  }

  @Override
  public Future<List<LoadedModel>> loaded() {
    return listed(start).map(models -> models.stream().map(ListedModel::loaded).toList());
  }

  @Override
  public Future<Void> load(String model) {
    return find(model)
        .compose(
            found ->
                found.isPresent()
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        Setback.rejected(
                                FailureCode.MODEL_NOT_FOUND, "This model is not served here.")
                            .asException()));
  }

  @Override
  public Future<Boolean> continues(String model) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return find(model).map(found -> found.map(ListedModel::facts).orElse(ModelFacts.UNKNOWN));
  }

  private Future<Optional<ListedModel>> find(String model) {
    return listed(start)
        .map(
            models ->
                models.stream().filter(each -> each.id().equalsIgnoreCase(model)).findFirst());
  }

  private Future<List<ListedModel>> listed(Duration limit) {
    return questions.ask(address.get("/models"), null, limit, OpenAiModelServer::models);
  }

  private static List<ListedModel> models(JsonNode answer) {
    return ListedModel.readAll(answer);
  }
}
