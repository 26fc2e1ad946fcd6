package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.gemini.GeminiSite;
import dev.penstock.proxy.gemini.GeminiUpstream;
import dev.penstock.proxy.gemini.VertexModelServer;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to Gemini behind Vertex, as this machine's service account. */
final class VertexConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new VertexModelServer(upstream.name(), credential);
  }

  @Override
  public Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new GeminiUpstream(
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, credential),
        GeminiSite.vertex(upstream.url()));
  }
}
