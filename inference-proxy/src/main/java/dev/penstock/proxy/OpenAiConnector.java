package dev.penstock.proxy;

import dev.penstock.proxy.exchange.Credential;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.generation.Upstream;
import dev.penstock.proxy.models.ModelServer;
import dev.penstock.proxy.openai.OpenAiModelServer;
import dev.penstock.proxy.openai.OpenAiUpstream;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.vertx.core.Vertx;

/** Connects to vLLM, llama-server, TGI and their like. */
final class OpenAiConnector implements ServerConnector {
  @Override
  public ModelServer modelServer(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new OpenAiModelServer(
        upstream.name(),
        ServerConnector.control(vertx, config, credential),
        address(upstream),
        config.times().list(),
        config.times().start());
  }

  @Override
  public Upstream upstream(
      Vertx vertx, UpstreamConfig upstream, ProxyConfig config, Credential credential) {
    return new OpenAiUpstream(
        vertx,
        upstream.name(),
        ServerConnector.relay(vertx, upstream, config, credential),
        address(upstream));
  }

  private static ServerAddress address(UpstreamConfig upstream) {
    return ServerAddress.of(upstream.url(), OpenAiUpstream.USUAL_PATH);
  }
}
