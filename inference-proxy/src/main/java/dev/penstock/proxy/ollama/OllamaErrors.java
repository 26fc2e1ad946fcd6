package dev.penstock.proxy.ollama;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.proxy.generation.Setback;
import java.util.List;
import java.util.Locale;

/**
 * What Ollama's errors mean to us.
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api/errors.mdx">Ollama, errors</a>
 */
final class OllamaErrors {
  /** Both template paths' wording, the engine's and Ollama's own (ollama-api.md section 7). */
  private static final List<String> CONTEXT_TEXTS =
      List.of("context length", "available context size", "exceed_context_size", "context window");

  private OllamaErrors() {}

  /** The meaning of an answer other than 200 whose body says {@code text}. */
  static Setback ofStatus(int status, String text) {
    if (saysTooLong(text)) {
      return tooLong();
    }
    return switch (status) {
      case 429, 503 -> Setback.noSlot();
      case 404 ->
          Setback.rejected(FailureCode.MODEL_NOT_FOUND, "This model is not installed here.");
      // What /api/embed says of a model that only chats.
      case 501 ->
          Setback.rejected(
              FailureCode.INVALID_REQUEST, "This model makes no embeddings; choose one that does.");
      case 400, 413, 422 ->
          Setback.rejected(
              FailureCode.INVALID_REQUEST, "The model server does not accept this request.");
      default ->
          Setback.failed(
              FailureCode.UPSTREAM_FAILED,
              "The model server failed before it answered; try again.");
    };
  }

  /** The meaning of an error line after the response has begun. */
  static Setback inStream(String text) {
    return saysTooLong(text)
        ? tooLong()
        : Setback.failed(
            FailureCode.UPSTREAM_FAILED, "The model server failed while it answered; try again.");
  }

  private static boolean saysTooLong(String text) {
    var lower = text.toLowerCase(Locale.ROOT);
    return CONTEXT_TEXTS.stream().anyMatch(lower::contains);
  }

  private static Setback tooLong() {
    return Setback.rejected(
        FailureCode.CONTEXT_LENGTH_EXCEEDED,
        "The conversation is longer than this model can read; shorten it or start a new one.");
  }
}
