package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.identity.ServiceIdentity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The models of all proxies, looked at in the background. One per process; safe from any thread,
 * futures complete on the caller's context.
 *
 * <p>A proxy that cannot be reached keeps its models in the list, as unavailable.
 */
public final class ModelCatalog implements Models {
  /** Loading a large model from a slow disk takes minutes. */
  private static final Duration PROBE_LIMIT = Duration.ofMinutes(5);

  private static final Duration LOOK_LIMIT = Duration.ofSeconds(5);
  private static final int CONNECTIONS = 4;
  private static final int WAITING = 64;

  private final Map<URI, List<ServedModel>> byProxy = new ConcurrentHashMap<>();
  private final Vertx vertx;
  private final InferenceConfig config;
  private final HttpClient connections;
  private final ProxyClient client;
  private final long timer;
  private volatile List<ServedModel> merged = List.of();
  private final Set<URI> answering = ConcurrentHashMap.newKeySet();
  private volatile boolean known;

  /** Starts looking at once. */
  public ModelCatalog(Vertx vertx, InferenceConfig config, ServiceIdentity identity) {
    this.vertx = vertx;
    this.config = config;
    // Its own connections: streams may hold all others.
    this.connections =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout((int) config.connectTimeout().toMillis())
                .setTcpNoDelay(true),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
    this.client = new ProxyClient(connections, identity);
    this.timer = vertx.setPeriodic(0, config.modelRefresh().toMillis(), _ -> refresh());
  }

  /** The model of that id, as last seen. */
  @Override
  public Optional<ServedModel> find(String id) {
    return merged.stream().filter(model -> model.id().equals(id)).findFirst();
  }

  /** All models as last seen, each id once. */
  @Override
  public List<ServedModel> models() {
    return merged;
  }

  /** The model of requests that name none; empty while no proxy serves any. */
  @Override
  public Optional<ServedModel> defaultModel() {
    var models = merged;
    return models.stream()
        .filter(ServedModel::isDefault)
        .findFirst()
        .or(() -> models.stream().findFirst());
  }

  /**
   * Whether any proxy has answered since the start; until then an absent model is not an unknown
   * one.
   */
  @Override
  public boolean known() {
    return known;
  }

  /** Whether any proxy answered when last looked at. */
  public boolean reachable() {
    return !answering.isEmpty();
  }

  /** Looks at every proxy now; completes when each has answered or been given up. */
  public Future<Void> refresh() {
    return Future.join(config.proxies().stream().map(this::look).toList())
        .otherwiseEmpty()
        .mapEmpty();
  }

  /**
   * Has every proxy that serves the model find out whether it continues an answer (turns.md T-24),
   * which may load it first.
   *
   * @return what is known then; fails with {@link FailureException}: {@code model_not_found}, or
   *     what the last proxy failed with if none could tell
   */
  @Override
  public Future<ServedModel> probe(String id) {
    var serving =
        config.proxies().stream()
            .filter(proxy -> byProxy.getOrDefault(proxy, List.of()).stream().anyMatch(has(id)))
            .map(proxy -> probe(proxy, id))
            .toList();
    if (serving.isEmpty()) {
      return Future.failedFuture(
          Failure.of(FailureCode.MODEL_NOT_FOUND, "No model of that name is served here.")
              .asException());
    }
    return Future.join(serving)
        .transform(
            all ->
                serving.stream().anyMatch(Future::succeeded)
                    ? Future.succeededFuture(find(id).orElseThrow())
                    : Future.failedFuture(all.cause()));
  }

  /** Stops looking. */
  public void close() {
    vertx.cancelTimer(timer);
    connections.close();
  }

  private Future<Void> look(URI proxy) {
    return call(proxy, ProxyAddress.request(HttpMethod.GET, proxy, "/models"), LOOK_LIMIT)
        .map(body -> Wire.decode(body, ServedModel.Page.class).data())
        .onSuccess(
            models -> {
              known = true;
              answering.add(proxy);
              put(proxy, models);
            })
        .onFailure(
            _ -> {
              answering.remove(proxy);
              put(proxy, ModelMerge.unavailable(byProxy.getOrDefault(proxy, List.of())));
            })
        .mapEmpty();
  }

  private Future<ServedModel> probe(URI proxy, String id) {
    var path = "/models/" + URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
    return call(proxy, ProxyAddress.request(HttpMethod.POST, proxy, path + "/probe"), PROBE_LIMIT)
        .map(body -> Wire.decode(body, ServedModel.class))
        .onSuccess(
            probed ->
                put(
                    proxy,
                    byProxy.getOrDefault(proxy, List.of()).stream()
                        .map(model -> model.id().equals(id) ? probed : model)
                        .toList()));
  }

  private Future<Buffer> call(URI proxy, RequestOptions request, Duration limit) {
    request.setTimeout(limit.toMillis()).setIdleTimeout(limit.toMillis());
    return send(proxy, request, true)
        .recover(
            cause ->
                Future.failedFuture(
                    cause instanceof FailureException
                        ? cause
                        : Failure.retryAfter(
                                FailureCode.NO_CAPACITY,
                                "No inference proxy can be reached; try again soon.",
                                2_000)
                            .asException()));
  }

  /**
   * Asks.
   *
   * @param renews whether to ask once more where the caller was not known
   */
  private Future<Buffer> send(URI proxy, RequestOptions request, boolean renews) {
    // Inside the chain, since a client that was closed meanwhile throws.
    return Future.succeededFuture(request)
        .compose(unsigned -> client.open(unsigned, proxy))
        .compose(
            ready -> {
              // Asked for before anything is sent: whoever calls from outside the client's loop
              // would find the body gone by.
              var answer = ready.response().compose(head -> read(head, proxy, request, renews));
              ready.end();
              return answer;
            });
  }

  private Future<Buffer> read(
      HttpClientResponse head, URI proxy, RequestOptions request, boolean renews) {
    var again = renews && client.renewed(head, proxy);
    return head.body()
        .compose(
            body ->
                again
                    ? send(proxy, request, false)
                    : Future.succeededFuture(body).map(_ -> successful(head, body)));
  }

  private static Buffer successful(HttpClientResponse head, Buffer body) {
    if (head.statusCode() != 200) {
      throw Refusal.of(head.statusCode(), body).asException();
    }
    return body;
  }

  private void put(URI proxy, List<ServedModel> models) {
    synchronized (byProxy) {
      byProxy.put(proxy, models);
      merged =
          ModelMerge.of(
              config.proxies().stream()
                  .map(each -> byProxy.getOrDefault(each, List.of()))
                  .toList());
    }
  }

  private static java.util.function.Predicate<ServedModel> has(String id) {
    return model -> model.id().equals(id);
  }
}
