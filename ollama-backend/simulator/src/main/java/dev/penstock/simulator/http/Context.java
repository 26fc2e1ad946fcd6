package dev.penstock.simulator.http;

import dev.penstock.simulator.wire.GenerationMetrics;

/**
 * The {@code context} of a final frame of {@code /api/generate}: a number for each token of prompt
 * and answer. Nobody reads them back here, so they only count and look like Gemma's.
 */
enum Context {
  NONE {
    @Override
    int[] of(GenerationMetrics metrics) {
      return new int[0];
    }
  },
  WHOLE {
    @Override
    int[] of(GenerationMetrics metrics) {
      var tokens = new int[metrics.promptEvalCount() + metrics.evalCount()];
      for (var i = 0; i < tokens.length; i++) {
        tokens[i] = i == 0 ? BEGIN_OF_SEQUENCE : 106 + Math.floorMod(i * 40_503, VOCABULARY - 106);
      }
      return tokens;
    }
  };

  private static final int BEGIN_OF_SEQUENCE = 2;
  private static final int VOCABULARY = 262_144;

  abstract int[] of(GenerationMetrics metrics);
}
