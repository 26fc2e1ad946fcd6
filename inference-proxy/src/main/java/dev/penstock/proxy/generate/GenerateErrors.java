package dev.penstock.proxy.generate;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.proxy.generation.Setback;
import java.util.Locale;

/** What statuses of a plain vLLM mean to us; its bodies are text of any form. */
final class GenerateErrors {
  private GenerateErrors() {}

  static Setback ofStatus(int status, String body) {
    var lower = body.toLowerCase(Locale.ROOT);
    if (lower.contains("context length") || lower.contains("maximum model length")) {
      return Setback.rejected(
          FailureCode.CONTEXT_LENGTH_EXCEEDED,
          "The conversation is longer than this model can read; shorten it or start a new one.");
    }
    return switch (status) {
      case 429, 503 -> Setback.noSlot();
      case 404, 405 ->
          Setback.rejected(FailureCode.MODEL_NOT_FOUND, "This model is not served here.");
      case 400, 413, 415, 422 ->
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
}
