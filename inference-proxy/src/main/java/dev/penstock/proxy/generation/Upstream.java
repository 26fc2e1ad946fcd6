package dev.penstock.proxy.generation;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * The token path to one model server. Belongs to one event loop: it is called there and calls back
 * there. Each kind of server is one implementation beside its codec.
 */
public interface Upstream {
  /** The name the configuration gives it; never a host. */
  String name();

  /**
   * Why this kind of server cannot give an answer of that form, as {@code invalid_request}; empty
   * where it can. Whoever starts a generation has asked.
   */
  default Optional<Failure> refusal(AnswerForm form) {
    return Optional.empty();
  }

  /**
   * Sends the prompt. Whoever calls holds a slot of this upstream until the generation is over.
   * Nothing is called back before this method has returned.
   */
  Generation start(Prompt prompt, GenerationListener listener);

  /**
   * Asks for embeddings. Whoever calls holds a slot of this upstream until they are there.
   *
   * @param model the name the model server knows it by
   * @param maxAnswerBytes longest answer that is read
   */
  default Embedding embed(String model, EmbeddingsRequest request, int maxAnswerBytes) {
    var refusal =
        Setback.rejected(
            FailureCode.INVALID_REQUEST, "This model makes no embeddings; choose one that does.");
    return new Embedding(Future.failedFuture(refusal.asException()), () -> {});
  }
}
