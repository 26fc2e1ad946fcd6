package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.inference.EmbeddingCall;
import dev.penstock.gateway.inference.Inference;
import io.vertx.core.Future;

/** Calls for embeddings within their caller's limits. Confined to one event loop. */
public final class Embedder {
  private final Admission admission;
  private final Inference inference;

  public Embedder(Admission admission, Inference inference) {
    this.admission = admission;
    this.inference = inference;
  }

  /** Asks for embeddings; {@code rate_limited} if the caller may not. */
  public EmbeddingCall embed(Caller caller, EmbeddingsRequest request) {
    return switch (admission.admit(caller, request)) {
      case Decision.Refused(var why) -> new Refusal(Future.failedFuture(why.asException()));
      case Decision.Granted(var grant) ->
          grant.embed(() -> inference.embed(caller.span(), request));
    };
  }

  private record Refusal(Future<Embeddings> vectors) implements EmbeddingCall {
    @Override
    public void cancel() {
      // Nothing was asked for.
    }
  }
}
