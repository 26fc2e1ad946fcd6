package dev.penstock.gateway.limits;

import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.inference.EmbeddingCall;
import io.vertx.core.Future;

/** A call for embeddings that settles its grant however it ends. Confined to one event loop. */
final class GrantedEmbedding implements EmbeddingCall {
  private static final long MILLI = 1_000_000;

  private final Grant grant;
  private final EmbeddingCall call;
  private final long prompt;
  private final long beganAt;
  private final Future<Embeddings> vectors;

  GrantedEmbedding(Grant grant, EmbeddingCall call, long prompt) {
    this.grant = grant;
    this.call = call;
    this.prompt = prompt;
    this.beganAt = grant.now();
    this.vectors =
        call.vectors()
            .onSuccess(made -> settle(made.usage()))
            .onFailure(
                cause -> {
                  if (cause instanceof FailureException known
                      && known.failure().code().refusesAtTheDoor()) {
                    grant.giveBack();
                  } else {
                    settle(new Usage(0, 0, true));
                  }
                });
  }

  @Override
  public Future<Embeddings> vectors() {
    return vectors;
  }

  @Override
  public void cancel() {
    if (!vectors.isComplete()) {
      settle(new Usage(Math.toIntExact(prompt), 0, true));
    }
    call.cancel();
  }

  // The whole of the call: nobody tells how long the model server itself took.
  private void settle(Usage usage) {
    grant.settle(usage, (grant.now() - beganAt) / MILLI);
  }
}
