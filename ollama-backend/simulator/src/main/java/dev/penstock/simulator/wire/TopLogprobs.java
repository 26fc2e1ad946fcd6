package dev.penstock.simulator.wire;

/** The check that {@code /api/chat} and {@code /api/generate} share before any other. */
final class TopLogprobs {
  private TopLogprobs() {}

  static void check(RequestBody body) {
    var count = body.number("top_logprobs");
    if (count < 0 || count > 20) {
      throw OllamaError.badRequest("top_logprobs must be between 0 and 20");
    }
  }
}
