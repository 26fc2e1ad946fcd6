package dev.penstock.proxy.generate;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.generation.Setback;
import dev.penstock.proxy.models.InstalledModel;
import dev.penstock.proxy.models.LoadedModel;
import dev.penstock.proxy.models.ModelServer;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * A plain vLLM has one model and does not say which, so the configuration does. Whatever {@code GET
 * /health} answers, the server is there. It goes on with a partial answer, as its prompt is ours to
 * write.
 */
public final class GenerateModelServer implements ModelServer {
  private final String name;
  private final ServerConnection server;
  private final ServerAddress root;
  private final Duration list;
  private final Set<String> asked = new HashSet<>();

  /**
   * The server at that address.
   *
   * @param server of the admission's context
   * @param list how long it may take to answer
   */
  public GenerateModelServer(
      String name, ServerConnection server, ServerAddress address, Duration list) {
    this.name = name;
    this.server = server;
    this.root = new ServerAddress(address.host(), address.port(), address.tls(), "");
    this.list = list;
  }

  @Override
  public String name() {
    return name;
  }

  /** Empty, once the server has answered at all. */
  @Override
  public Future<List<InstalledModel>> installed() {
    return server
        .open(root.get("/health"))
        .compose(
            request ->
                request
                    .send()
                    .compose(answer -> answer.end())
                    .timeout(list.toMillis(), TimeUnit.MILLISECONDS)
                    .onFailure(_ -> request.reset()))
        .<List<InstalledModel>>map(_ -> List.of())
        .recover(_ -> Future.failedFuture(Setback.unreachable().asException()));
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
    return Future.succeededFuture(true);
  }

  @Override
  public Future<ModelFacts> facts(String model) {
    return Future.succeededFuture(ModelFacts.able(Set.of(Capability.COMPLETION)));
  }
}
