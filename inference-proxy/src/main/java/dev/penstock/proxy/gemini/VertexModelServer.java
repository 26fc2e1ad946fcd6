package dev.penstock.proxy.gemini;

import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import io.vertx.core.http.RequestOptions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What is known of models on Vertex, which tells nothing about them: what their names say. It can
 * be reached when there is an identity to ask with.
 */
public final class VertexModelServer implements ModelServer {
  private final String name;
  private final Credential credential;
  private final Set<String> asked = new HashSet<>();

  /**
   * Vertex.
   *
   * @param credential of the admission's context
   */
  public VertexModelServer(String name, Credential credential) {
    this.name = name;
    this.credential = credential;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public ServedModel.Kind kind() {
    return ServedModel.Kind.MANAGED;
  }

  /** Empty, once there is an identity. */
  @Override
  public Future<List<InstalledModel>> installed() {
    return credential.sign(new RequestOptions()).map(_ -> List.of());
  }

  @Override
  public Future<List<LoadedModel>> loaded() {
    return Future.succeededFuture(
        asked.stream().map(model -> new LoadedModel(model, null)).toList());
  }

  @Override
  public Future<Void> load(String model) {
    asked.add(model);
    return Future.succeededFuture();
  }

  @Override
  public Future<Boolean> continues(String model) {
    return Future.succeededFuture(false);
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return Future.succeededFuture(ModelFacts.able(GeminiModels.capabilities(model)));
  }
}
