package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.ServerClients;
import dev.penstock.proxy.gemini.GeminiSite;
import dev.penstock.proxy.gemini.GeminiUpstream;
import dev.penstock.proxy.gemini.VertexModelServer;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import dev.penstock.proxy.vertex.MachineIdentity;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;

/** Connects to Gemini behind Vertex, as this machine's service account. */
final class VertexConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(Vertx vertx, UpstreamConfig upstream, ProxyConfig config) {
    return new VertexModelServer(upstream.name(), identity(vertx, config));
  }

  @Override
  public Upstream upstream(Vertx vertx, UpstreamConfig upstream, ProxyConfig config) {
    return new GeminiUpstream(
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, identity(vertx, config)),
        GeminiSite.vertex(upstream.url()));
  }

  /** Of one context, which asks for one token at a time. */
  private static Credential identity(Vertx vertx, ProxyConfig config) {
    return new MachineIdentity(
        ServerClients.client(vertx, 1, 1, config.connectTimeout()),
        config.metadataHost(),
        () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
  }
}
