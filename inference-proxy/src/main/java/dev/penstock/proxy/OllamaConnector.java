package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.ollama.OllamaAddress;
import dev.penstock.proxy.ollama.OllamaModelServer;
import dev.penstock.proxy.ollama.OllamaUpstream;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to Ollama. */
final class OllamaConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new OllamaModelServer(
        upstream.name(),
        ServerConnector.control(vertx, config, credential),
        address(upstream),
        config.times());
  }

  @Override
  public Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new OllamaUpstream(
        vertx,
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, credential),
        address(upstream));
  }

  private static OllamaAddress address(UpstreamConfig upstream) {
    return OllamaAddress.parse(upstream.url().toString());
  }
}
