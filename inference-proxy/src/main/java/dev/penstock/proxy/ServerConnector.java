package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.ServerClients;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Makes both sides of one kind of model server: its package is known here and nowhere else. */
interface ServerConnector {
  /** Connections of the admission's context to one server. */
  int CONTROL_CONNECTIONS = 8;

  /** Questions that may wait for one of them. */
  int WAITING_QUESTIONS = 256;

  /** Connections of an event loop to one server, beyond one for each slot. */
  int SPARE_CONNECTIONS = 2;

  /** The connector of that server. */
  static ServerConnector of(UpstreamConfig upstream) {
    return switch (upstream.kind()) {
      case OLLAMA -> new OllamaConnector();
      case OPENAI -> new OpenAiConnector();
      case GEMINI -> new GeminiConnector();
      case VERTEX -> new VertexConnector();
      case GENERATE -> new GenerateConnector();
    };
  }

  /** What is asked beside generations; belongs to the context that calls. */
  ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential);

  /** The token path of one event loop; belongs to the context that calls. */
  Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential);

  /** Most connections to model servers that all event loops together may have. */
  static long connections(ProxyConfig config) {
    return config.serving().upstreams().stream()
        .mapToLong(
            each ->
                CONTROL_CONNECTIONS
                    + (long) config.instances() * (each.slots() + SPARE_CONNECTIONS))
        .sum();
  }

  /** For questions. */
  static ServerConnection control(Vertx vertx, ProxyConfig config, Credential credential) {
    return new ServerConnection(
        ServerClients.client(
            vertx, CONTROL_CONNECTIONS, WAITING_QUESTIONS, config.connectTimeout()),
        credential);
  }

  /** For generations: of one event loop and upstream alone, so that a slot finds a connection. */
  static ServerConnection relay(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    var connections = upstream.slots() + SPARE_CONNECTIONS;
    return new ServerConnection(
        ServerClients.client(vertx, connections, connections, config.connectTimeout()), credential);
  }
}
