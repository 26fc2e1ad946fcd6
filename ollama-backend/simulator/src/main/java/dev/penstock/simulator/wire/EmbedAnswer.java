package dev.penstock.simulator.wire;

import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.List;

/**
 * Writes the answer of {@code POST /api/embed}: {@code {"model":"m","embeddings":[[0.1,…]],
 * "total_duration":1,"load_duration":1,"prompt_eval_count":4}}, zeros left out.
 */
public final class EmbedAnswer {
  /** Go writes smaller and larger numbers with an exponent. */
  private static final float LEAST_PLAIN = 1e-6f;

  private EmbedAnswer() {}

  /** The document, without a line's end; {@code model} is echoed as the request named it. */
  public static Buffer encode(
      String model, List<float[]> vectors, long totalNanos, long loadNanos, int promptTokens) {
    var json = new StringBuilder("{\"model\":");
    GoJson.appendString(json, model);
    json.append(",\"embeddings\":[");
    for (var i = 0; i < vectors.size(); i++) {
      append(json.append(i == 0 ? "" : ","), vectors.get(i));
    }
    json.append(']');
    var metrics = new GenerationMetrics(totalNanos, loadNanos, promptTokens, 0, 0, 0);
    metrics.appendTo(json);
    return Buffer.buffer(json.append('}').toString());
  }

  private static void append(StringBuilder json, float[] vector) {
    var separator = '[';
    for (var number : vector) {
      append(json.append(separator), number);
      separator = ',';
    }
    json.append(vector.length == 0 ? "[]" : "]");
  }

  private static void append(StringBuilder json, float number) {
    var shortest = new BigDecimal(Float.toString(number)).stripTrailingZeros();
    if (number == 0) {
      json.append('0');
    } else if (Math.abs(number) >= LEAST_PLAIN) {
      json.append(shortest.toPlainString());
    } else {
      var exponent = shortest.precision() - shortest.scale() - 1;
      var digits = shortest.movePointLeft(exponent).toPlainString();
      json.append(digits).append("e-").append(exponent > -10 ? "0" : "").append(-exponent);
    }
  }
}
