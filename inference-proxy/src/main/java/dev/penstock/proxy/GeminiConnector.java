package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.gemini.GeminiModelServer;
import dev.penstock.proxy.gemini.GeminiSite;
import dev.penstock.proxy.gemini.GeminiUpstream;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to Gemini's own API with a key. */
final class GeminiConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new GeminiModelServer(
        upstream.name(),
        ServerConnector.control(vertx, config, credential),
        GeminiSite.api(upstream.url()),
        config.times().list(),
        config.times().start());
  }

  @Override
  public Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new GeminiUpstream(
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, credential),
        GeminiSite.api(upstream.url()));
  }
}
