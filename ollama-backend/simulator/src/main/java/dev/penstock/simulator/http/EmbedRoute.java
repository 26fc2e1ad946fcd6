package dev.penstock.simulator.http;

import dev.penstock.simulator.answer.SimulatedEmbedding;
import dev.penstock.simulator.catalog.Catalog;
import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.engine.Embedding;
import dev.penstock.simulator.engine.Engine;
import dev.penstock.simulator.wire.EmbedAnswer;
import dev.penstock.simulator.wire.EmbedRequest;
import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** {@code POST /api/embed} (ollama-api.md sections 7 and 9). */
final class EmbedRoute implements Route {
  private final Catalog catalog;
  private final Engine engine;
  private final int contextLength;

  EmbedRoute(Catalog catalog, Engine engine, int contextLength) {
    this.catalog = catalog;
    this.engine = engine;
    this.contextLength = contextLength;
  }

  @Override
  public void handle(Exchange exchange) {
    var request = EmbedRequest.parse(exchange.body());
    var model =
        catalog
            .find(request.model())
            .orElseThrow(
                () ->
                    new OllamaError(
                        404, "model \"" + request.model() + "\" not found, try pulling it first"));
    if (!request.inputs().isEmpty() && !model.can("embedding")) {
      throw new OllamaError(
          501, "This server does not support embeddings. Start it with `--embeddings`");
    }
    var tokens = tokens(request, Math.min(contextLength, model.contextLength()));
    var embedding =
        new Embedding(
            engine,
            model,
            request.keepAlive(),
            tokens,
            loadNanos -> exchange.json(200, answer(exchange, request, model, tokens, loadNanos)));
    exchange.onClientGone(embedding::cancel);
    embedding.start();
  }

  private static List<Integer> tokens(EmbedRequest request, int context) {
    var tokens = new ArrayList<Integer>();
    for (var input : request.inputs()) {
      var count = Math.max(1, Completion.tokens(input));
      if (count > context && !request.truncate()) {
        throw OllamaError.badRequest("the input length exceeds the context length");
      }
      tokens.add(Math.min(count, context));
    }
    return tokens;
  }

  private static Buffer answer(
      Exchange exchange,
      EmbedRequest request,
      SimulatedModel model,
      List<Integer> tokens,
      long loadNanos) {
    var vectors = new ArrayList<float[]>();
    for (var input : request.inputs()) {
      vectors.add(vector(input, request.dimensions(), model.embeddingLength()));
    }
    var promptTokens = tokens.stream().mapToInt(Integer::intValue).sum();
    var total = request.inputs().isEmpty() ? 0 : System.nanoTime() - exchange.startedAt();
    return EmbedAnswer.encode(
        request.model(), vectors, total, total == 0 ? 0 : loadNanos, promptTokens);
  }

  private static float[] vector(String input, int dimensions, int length) {
    var whole = SimulatedEmbedding.of(input, length);
    return dimensions > 0 && dimensions < length
        ? SimulatedEmbedding.shortened(whole, dimensions)
        : whole;
  }
}
