package dev.penstock.proxy;

import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.ollama.OllamaAddress;
import dev.penstock.proxy.ollama.OllamaClients;
import dev.penstock.proxy.ollama.OllamaModelServer;
import dev.penstock.proxy.ollama.OllamaUpstream;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to Ollama. */
final class OllamaConnector implements ServerConnector {
  private static final int CONTROL_CONNECTIONS = 8;
  private static final int WAITING_QUESTIONS = 256;
  private static final int SPARE_CONNECTIONS = 2;

  @Override
  public ModelServer modelServer(Vertx vertx, UpstreamConfig upstream, ProxyConfig config) {
    var client =
        OllamaClients.client(
            vertx, CONTROL_CONNECTIONS, WAITING_QUESTIONS, config.connectTimeout());
    return new OllamaModelServer(upstream.name(), client, address(upstream), config.times());
  }

  @Override
  public Upstream upstream(Vertx vertx, UpstreamConfig upstream, ProxyConfig config) {
    // Of this event loop and upstream alone: a slot always finds a connection.
    var connections = upstream.slots() + SPARE_CONNECTIONS;
    var client = OllamaClients.client(vertx, connections, connections, config.connectTimeout());
    return new OllamaUpstream(vertx, upstream.name(), client, address(upstream));
  }

  private static OllamaAddress address(UpstreamConfig upstream) {
    return OllamaAddress.parse(upstream.url().toString());
  }
}
