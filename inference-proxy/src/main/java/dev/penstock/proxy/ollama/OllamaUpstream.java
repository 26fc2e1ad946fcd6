package dev.penstock.proxy.ollama;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.proxy.exchange.EmbeddingExchange;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.exchange.StreamedGeneration;
import dev.penstock.proxy.generation.Embedding;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Prompt;
import dev.penstock.proxy.generation.Upstream;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.Optional;

/**
 * Generates through Ollama's own {@code POST /api/chat} and {@code POST /api/embed}; its {@code
 * /v1} loses errors.
 */
public final class OllamaUpstream implements Upstream {
  private final Vertx vertx;
  private final String name;
  private final ServerConnection server;
  private final OllamaAddress address;

  /**
   * The Ollama at that address.
   *
   * @param server of the event loop that uses this upstream
   */
  public OllamaUpstream(Vertx vertx, String name, ServerConnection server, OllamaAddress address) {
    this.vertx = vertx;
    this.name = name;
    this.server = server;
    this.address = address;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<Failure> refusal(AnswerForm form) {
    return OllamaAnswerForm.refusal(form);
  }

  @Override
  public Generation start(Prompt prompt, GenerationListener listener) {
    var generation =
        new StreamedGeneration(name, listener, OllamaChatDecoder::new, OllamaErrors::ofStatus);
    generation.send(server, post(address, "/api/chat"), OllamaChatRequest.chat(prompt));
    return generation;
  }

  @Override
  public Embedding embed(String model, EmbeddingsRequest request, int maxAnswerBytes) {
    return new EmbeddingExchange(
            name,
            vertx.getOrCreateContext(),
            maxAnswerBytes,
            EmbedAnswer::read,
            OllamaErrors::ofStatus)
        .send(server, post(address, "/api/embed"), OllamaEmbedRequest.embed(model, request));
  }

  static RequestOptions get(OllamaAddress address, String route) {
    return new RequestOptions()
        .setMethod(HttpMethod.GET)
        .setHost(address.host())
        .setPort(address.port())
        .setSsl(address.tls())
        .setURI(address.path() + route);
  }

  static RequestOptions post(OllamaAddress address, String route) {
    return get(address, route)
        .setMethod(HttpMethod.POST)
        .putHeader("Content-Type", "application/json");
  }
}
