package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.Failure;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * A failure as Ollama clients read it, {@code {"error":"…"}} with the statuses and texts of
 * ollama-api.md section 7; where Ollama has no such failure, the text is ours.
 *
 * @param retryAfterMs null where waiting does not help; Ollama itself never says it
 */
record OllamaError(int status, String text, @Nullable Long retryAfterMs) {
  private static final String BUSY =
      "server busy, please try again.  maximum pending requests exceeded";
  private static final String STOPPED =
      "model runner has unexpectedly stopped, this may be due to resource limitations or an"
          + " internal error, check ollama server logs for details";
  private static final String DIED =
      "an error was encountered while running the model: unexpected EOF";
  private static final String TOO_LONG =
      "the prompt is longer than the context length currently available to the model; shorten"
          + " the prompt, adjust the context length in settings, or use a model with a longer"
          + " context length";
  private static final long DEFAULT_RETRY_AFTER_MS = 1_000;

  /** A failure that waiting does not mend. */
  OllamaError(int status, String text) {
    this(status, text, null);
  }

  /**
   * What a generation failed with before its first frame.
   *
   * @param model as the request named it
   */
  static OllamaError of(Failure failure, String model) {
    return switch (failure.code()) {
      case MODEL_NOT_FOUND -> modelNotFound(model);
      case CONTEXT_LENGTH_EXCEEDED -> new OllamaError(400, TOO_LONG);
      case QUEUE_FULL, QUEUE_TIMEOUT, NO_CAPACITY ->
          new OllamaError(503, BUSY, retryAfter(failure));
      case UPSTREAM_FAILED, UPSTREAM_PROTOCOL, UPSTREAM_TRUNCATED -> new OllamaError(500, STOPPED);
      default -> told(failure);
    };
  }

  /** What a generation failed with after its first frame; only the text is left to tell. */
  static OllamaError inStream(Failure failure, String model) {
    return switch (failure.code()) {
      case UPSTREAM_FAILED, UPSTREAM_PROTOCOL, UPSTREAM_TRUNCATED -> new OllamaError(500, DIED);
      default -> of(failure, model);
    };
  }

  /** What a call for embeddings failed with; Ollama words it in another way. */
  static OllamaError ofEmbedding(Failure failure, String model) {
    return switch (failure.code()) {
      case MODEL_NOT_FOUND ->
          new OllamaError(404, "model \"" + model + "\" not found, try pulling it first");
      case CONTEXT_LENGTH_EXCEEDED ->
          new OllamaError(400, "the input length exceeds the context length");
      default -> of(failure, model);
    };
  }

  static OllamaError modelNotFound(String model) {
    return new OllamaError(404, "model '" + model + "' not found");
  }

  /** In its code's own status and words. */
  static OllamaError told(Failure failure) {
    var status = failure.code().status();
    var wait = failure.retryable() && (status == 429 || status == 503);
    return new OllamaError(status, failure.detail(), wait ? retryAfter(failure) : null);
  }

  /** The JSON document, without a line's end. */
  Buffer json() {
    return GoString.append(Buffer.buffer(text.length() + 16).appendString("{\"error\":"), text)
        .appendString("}");
  }

  /** {@code Retry-After} in whole seconds, 1 to 30. */
  long retryAfterSeconds() {
    return retryAfterMs == null ? 1 : Math.clamp((retryAfterMs + 999) / 1000, 1, 30);
  }

  OllamaException asException() {
    return new OllamaException(this);
  }

  private static Long retryAfter(Failure failure) {
    return failure.retryAfterMs() == null ? DEFAULT_RETRY_AFTER_MS : failure.retryAfterMs();
  }
}
