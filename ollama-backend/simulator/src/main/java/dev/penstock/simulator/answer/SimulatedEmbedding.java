package dev.penstock.simulator.answer;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A vector of length 1 that is a function of its text: words in common bring two texts together,
 * and no two texts have the same one.
 */
public final class SimulatedEmbedding {
  private static final Pattern NOT_A_WORD = Pattern.compile("[^\\p{L}\\p{N}]+");
  private static final float WHOLE_TEXT = 0.1f;
  private static final int STEPS = 1_000;
  private static final float STEP = 1f / STEPS;

  private SimulatedEmbedding() {}

  /** The vector of a text. */
  public static float[] of(String text, int dimensions) {
    var sum = new float[dimensions];
    add(sum, "=" + text, WHOLE_TEXT);
    NOT_A_WORD
        .splitAsStream(text.toLowerCase(Locale.ROOT))
        .filter(word -> !word.isEmpty())
        .forEach(word -> add(sum, word, 1));
    return normalised(sum);
  }

  /** Its first numbers, of length 1 again. */
  public static float[] shortened(float[] vector, int dimensions) {
    return normalised(Arrays.copyOf(vector, dimensions));
  }

  private static void add(float[] sum, String word, float weight) {
    var dice = Dice.of(Dice.key(List.of(PromptMessage.user(word)), 0), 0);
    for (var i = 0; i < sum.length; i++) {
      sum[i] += weight * STEP * (dice.below(2 * STEPS + 1) - STEPS);
    }
  }

  private static float[] normalised(float[] vector) {
    var square = 0.0;
    for (var each : vector) {
      square += each * each;
    }
    var length = (float) Math.sqrt(square);
    for (var i = 0; i < vector.length && length > 0; i++) {
      vector[i] /= length;
    }
    return vector;
  }
}
