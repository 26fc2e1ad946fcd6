package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.generate.GenerateModelServer;
import dev.penstock.proxy.generate.GenerateUpstream;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to a plain vLLM. */
final class GenerateConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new GenerateModelServer(
        upstream.name(),
        ServerConnector.control(vertx, config, credential),
        address(upstream),
        config.times().list());
  }

  @Override
  public Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new GenerateUpstream(
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, credential),
        address(upstream));
  }

  private static ServerAddress address(UpstreamConfig upstream) {
    return ServerAddress.of(upstream.url(), GenerateUpstream.USUAL_PATH);
  }
}
