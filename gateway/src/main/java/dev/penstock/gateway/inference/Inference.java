package dev.penstock.gateway.inference;

import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.metrics.LoopMeter;
import dev.penstock.gateway.routing.Rendezvous;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Starts generations on the inference proxies. One per verticle instance, confined to its event
 * loop: its connections live there, so that no token changes threads.
 */
public final class Inference implements Generator {
  private static final int SOCKET_BYTES = 16 * 1024;
  private static final int KEEP_ALIVE_SECONDS = 60;

  private static final long WAY_MS = 5_000;

  /** A silence is measured in so many sweeps, which spares a clock reading per token. */
  static final int SWEEPS_PER_SILENCE = 15;

  private final Set<RoutedGeneration> open = new LinkedHashSet<>();
  private final Vertx vertx;
  private final InferenceConfig config;
  private final Tracing tracing;
  private final HttpClient connections;
  private final ProxyClient client;
  private final long sweeper;
  private final LoopMeter meter;
  private volatile int running;

  /** Call on the event loop that will start the generations, which {@code meter} is of. */
  public Inference(
      Vertx vertx,
      InferenceConfig config,
      ServiceIdentity identity,
      LoopMeter meter,
      Tracing tracing) {
    this.meter = meter;
    this.vertx = vertx;
    this.config = config;
    this.tracing = tracing;
    this.connections = vertx.createHttpClient(clientOptions(config), poolOptions(config));
    this.client = new ProxyClient(connections, identity);
    this.sweeper =
        vertx.setPeriodic(
            Math.max(1, config.silence().toMillis() / SWEEPS_PER_SILENCE), _ -> sweep());
  }

  /**
   * Starts a generation with the proxy its conversation belongs to. The next proxy is asked only
   * where the one before sent no response head or refused for want of capacity (turns.md T-38).
   *
   * @param within the span it is a part of
   * @param sink gets the events on the calling context, in order and never before this returns;
   *     exactly one {@code Finished} or {@code Failed}, last. Refusals and lost connections are
   *     {@code Failed} too.
   */
  @Override
  public Generation start(Span within, GenerationRequest request, Consumer<GenerationEvent> sink) {
    var generation =
        new RoutedGeneration(
            client,
            config.connectTimeout(),
            proxies(request.conversation()),
            Wire.encode(request),
            new Traced(tracing, within),
            sink,
            meter,
            this::closed);
    open.add(generation);
    running = open.size();
    vertx.runOnContext(_ -> generation.begin());
    return generation;
  }

  /**
   * Asks any proxy for embeddings, the next one where it cannot be reached or has no capacity. Its
   * deadline is held here too, with a little more time for the answer's way.
   *
   * @param within the span it is a part of
   */
  public EmbeddingCall embed(Span within, EmbeddingsRequest request) {
    var call =
        new RoutedEmbedding(
            client,
            vertx.getOrCreateContext(),
            config.connectTimeout(),
            proxies(null),
            Wire.encode(request),
            new Traced(tracing, within));
    var limit = vertx.setTimer(request.deadlineMs() + WAY_MS, _ -> call.late());
    call.vectors().onComplete(_ -> vertx.cancelTimer(limit));
    vertx.runOnContext(_ -> call.ask());
    return call;
  }

  /** Connections to proxies in use or asked for. Safe from any thread. */
  public int running() {
    return running;
  }

  /** Closes every connection; generations under way fail. */
  public void close() {
    vertx.cancelTimer(sweeper);
    connections.close();
  }

  /** Where there is no conversation to keep together, any proxy is as good. */
  private List<URI> proxies(@Nullable String conversation) {
    var key = conversation != null ? conversation : ThreadLocalRandom.current().nextLong();
    return Rendezvous.order(config.proxies(), key);
  }

  private void closed(RoutedGeneration generation) {
    open.remove(generation);
    running = open.size();
  }

  private void sweep() {
    new ArrayList<>(open).forEach(RoutedGeneration::sweep);
  }

  private static HttpClientOptions clientOptions(InferenceConfig config) {
    return new HttpClientOptions()
        .setProtocolVersion(HttpVersion.HTTP_1_1)
        .setKeepAlive(true)
        .setKeepAliveTimeout(KEEP_ALIVE_SECONDS)
        .setPipelining(false)
        .setConnectTimeout((int) config.connectTimeout().toMillis())
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        // A large kernel buffer would take in a whole answer and hide a stopped reader (T-37).
        .setReceiveBufferSize(SOCKET_BYTES)
        .setShared(false);
  }

  private static PoolOptions poolOptions(InferenceConfig config) {
    return new PoolOptions()
        .setHttp1MaxSize(config.connections())
        .setMaxWaitQueueSize(config.waiting());
  }
}
