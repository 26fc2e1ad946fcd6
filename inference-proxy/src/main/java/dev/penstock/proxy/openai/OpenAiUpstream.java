package dev.penstock.proxy.openai;

import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.proxy.exchange.EmbeddingExchange;
import dev.penstock.proxy.exchange.ServerAddress;
import dev.penstock.proxy.exchange.ServerConnection;
import dev.penstock.proxy.exchange.StreamedGeneration;
import dev.penstock.proxy.generation.Embedding;
import dev.penstock.proxy.generation.Generation;
import dev.penstock.proxy.generation.GenerationListener;
import dev.penstock.proxy.generation.Prompt;
import dev.penstock.proxy.generation.Upstream;
import io.vertx.core.Vertx;

/** Generates through {@code POST /chat/completions} and {@code POST /embeddings}. */
public final class OpenAiUpstream implements Upstream {
  /** The prefix of the routes where the configuration gives none. */
  public static final String USUAL_PATH = "/v1";

  private final Vertx vertx;
  private final String name;
  private final ServerConnection server;
  private final ServerAddress address;

  /**
   * The server at that address.
   *
   * @param server of the event loop that uses this upstream
   */
  public OpenAiUpstream(Vertx vertx, String name, ServerConnection server, ServerAddress address) {
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
  public Generation start(Prompt prompt, GenerationListener listener) {
    var generation =
        new StreamedGeneration(name, listener, ChatChunkDecoder::new, OpenAiErrors::ofStatus);
    generation.send(
        server,
        address.post("/chat/completions").putHeader("Accept", "text/event-stream"),
        ChatCompletionRequest.chat(prompt),
        (status, error) -> AnswerRoom.request(prompt, status, error));
    return generation;
  }

  @Override
  public Embedding embed(String model, EmbeddingsRequest request, int maxAnswerBytes) {
    return new EmbeddingExchange(
            name,
            vertx.getOrCreateContext(),
            maxAnswerBytes,
            EmbeddingList::read,
            OpenAiErrors::ofStatus)
        .send(server, address.post("/embeddings"), EmbeddingList.request(model, request));
  }
}
