package dev.penstock.proxy;

import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.proxy.serving.UpstreamKind;
import io.vertx.core.Vertx;
import java.util.Optional;

/** Makes both sides of one kind of model server: its package is known here and nowhere else. */
interface ServerConnector {
  /** The connector of that kind; empty where there is no client for it yet. */
  static Optional<ServerConnector> of(UpstreamKind kind) {
    return switch (kind) {
      case OLLAMA -> Optional.of(new OllamaConnector());
      case OPENAI, GEMINI, VERTEX, GENERATE -> Optional.empty();
    };
  }

  /**
   * The connector of that server, whose kind was checked when the configuration was read.
   *
   * @throws IllegalArgumentException if there is none
   */
  static ServerConnector of(UpstreamConfig upstream) {
    return of(upstream.kind())
        .orElseThrow(() -> new IllegalArgumentException("no client for " + upstream.kind()));
  }

  /** What is asked beside generations; belongs to the context that calls. */
  ModelServer modelServer(Vertx vertx, UpstreamConfig upstream, ProxyConfig config);

  /** The token path of one event loop; belongs to the context that calls. */
  Upstream upstream(Vertx vertx, UpstreamConfig upstream, ProxyConfig config);
}
