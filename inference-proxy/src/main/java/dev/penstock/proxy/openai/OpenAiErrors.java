package dev.penstock.proxy.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.proxy.generation.Setback;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the errors of vLLM, llama-server, TGI and OpenAI itself mean to us. */
final class OpenAiErrors {
  /** Of vLLM and OpenAI, of llama-server, of TGI, in lower case. */
  private static final List<String> CONTEXT_TEXTS =
      List.of(
          "context length",
          "context_length_exceeded",
          "available context size",
          "exceed_context_size",
          "longer than the maximum model length",
          "`inputs` tokens + `max_new_tokens` must be",
          "`inputs` must have less than");

  // llama-server's line that is no event, or an error document instead of a stream.
  private static final Pattern STRAY =
      Pattern.compile("(?m)^(?:error: ?)?\\{.*\"(?:error|message)\"");

  private OpenAiErrors() {}

  /** The meaning of an answer other than 200. */
  static Setback ofStatus(int status, String body) {
    if (saysTooLong(body)) {
      return tooLong();
    }
    return switch (status) {
      case 429, 503, 529 -> Setback.noSlot();
      case 401, 403 ->
          new Setback(
              Setback.Kind.FAILED,
              new Failure(
                  FailureCode.UPSTREAM_FAILED,
                  "The model server does not accept this service's key; tell its operator.",
                  false,
                  null));
      case 404 -> Setback.rejected(FailureCode.MODEL_NOT_FOUND, "This model is not served here.");
      case 400, 405, 413, 415, 422, 501 ->
          Setback.rejected(
              FailureCode.INVALID_REQUEST, "The model server does not accept this request.");
      case 408, 504 ->
          Setback.failed(
              FailureCode.UPSTREAM_TIMEOUT, "The model server did not answer in time; try again.");
      default ->
          Setback.failed(
              FailureCode.UPSTREAM_FAILED,
              "The model server failed before it answered; try again.");
    };
  }

  /** The meaning of an error after the response has begun. */
  static Setback inStream(String text) {
    return saysTooLong(text)
        ? tooLong()
        : Setback.failed(
            FailureCode.UPSTREAM_FAILED, "The model server failed while it answered; try again.");
  }

  /** The meaning of what a body that broke off said last; null where it said no error. */
  static @Nullable Setback stray(String lastWords) {
    var error = STRAY.matcher(lastWords);
    return error.find() ? inStream(lastWords.substring(error.start())) : null;
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
