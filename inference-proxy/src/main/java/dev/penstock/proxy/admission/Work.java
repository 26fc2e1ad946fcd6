package dev.penstock.proxy.admission;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.proxy.generation.ModelTraits;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a slot is applied for.
 *
 * @param tenant whose share of the queue it counts against
 * @param conversation key for affinity; null for none
 * @param deadlineMs milliseconds it may take from now on, queue included
 * @param promptChars length of what is sent, in {@code char}s
 * @param unmet why a model with those traits cannot do it; empty where it can
 */
public record Work(
    String model,
    String tenant,
    @Nullable String conversation,
    Priority priority,
    long deadlineMs,
    int promptChars,
    Function<ModelTraits, Optional<Failure>> unmet) {

  /** A generation. */
  public static Work of(GenerationRequest request) {
    return new Work(
        request.model(),
        request.tenant(),
        request.conversation(),
        request.priority(),
        request.deadlineMs(),
        request.messages().stream().mapToInt(message -> message.text().length()).sum(),
        traits -> Requirements.unmet(request, traits));
  }

  /** A call for embeddings. */
  public static Work of(EmbeddingsRequest request) {
    return new Work(
        request.model(),
        request.tenant(),
        null,
        request.priority(),
        request.deadlineMs(),
        request.inputs().stream().mapToInt(String::length).sum(),
        traits -> Requirements.unmetByEmbedding(traits.facts()));
  }
}
