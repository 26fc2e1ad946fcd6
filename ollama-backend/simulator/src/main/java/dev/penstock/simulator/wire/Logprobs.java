package dev.penstock.simulator.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes made-up log probabilities, a function of the token: {@code [{"token":" no","logprob":-0.4,
 * "bytes":[32,110,111],"top_logprobs":[…]}]}. The token itself is the likeliest.
 */
final class Logprobs {
  private static final int STEPS = 300;
  private static final int ONE = 1_000;

  private Logprobs() {}

  static void append(StringBuilder json, List<String> tokens, int top) {
    var separator = '[';
    for (var token : tokens) {
      open(json.append(separator), token, likeliest(token));
      if (top > 0) {
        json.append(",\"top_logprobs\":");
        alternatives(json, token, top);
      }
      json.append('}');
      separator = ',';
    }
    json.append(']');
  }

  private static void alternatives(StringBuilder json, String token, int top) {
    open(json.append('['), token, likeliest(token));
    for (var i = 1; i < top; i++) {
      open(json.append("},"), token + "~" + i, likeliest(token) - i * ONE);
    }
    json.append("}]");
  }

  /** In thousandths. */
  private static int likeliest(String token) {
    return -1 - Math.floorMod(token.hashCode(), STEPS);
  }

  private static void open(StringBuilder json, String token, int logprob) {
    GoJson.appendString(json.append("{\"token\":"), token);
    json.append(",\"logprob\":").append(BigDecimal.valueOf(logprob, 3));
    var separator = ",\"bytes\":[";
    for (var b : token.getBytes(StandardCharsets.UTF_8)) {
      json.append(separator).append(Byte.toUnsignedInt(b));
      separator = ",";
    }
    json.append(']');
  }
}
