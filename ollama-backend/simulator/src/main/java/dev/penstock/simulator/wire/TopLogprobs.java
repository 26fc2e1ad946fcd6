package dev.penstock.simulator.wire;

import dev.penstock.gojson.GoStruct;

/** What {@code /api/chat} and {@code /api/generate} check before anything else. */
final class TopLogprobs {
  private TopLogprobs() {}

  /** How many alternatives to tell for each token; -1 where no probability is asked for. */
  static int parse(GoStruct body) {
    var count = body.number("top_logprobs");
    if (count < 0 || count > 20) {
      throw OllamaError.badRequest("top_logprobs must be between 0 and 20");
    }
    return body.flag("logprobs", false) ? count : -1;
  }
}
