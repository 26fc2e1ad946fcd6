package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/** Probabilities of tokens as {@code {"content":[{token,logprob,bytes,top_logprobs}],…}}. */
final class LogprobsJson {
  /** What this dialect says of a token that is all but impossible. */
  private static final double LEAST = -9999.0;

  private LogprobsJson() {}

  /** Appends the object, or null where there is nothing to tell. */
  static Buffer append(Buffer out, List<TokenLogprob> tokens) {
    if (tokens.isEmpty()) {
      return out.appendString("null");
    }
    return list(out.appendString("{\"content\":"), tokens).appendString(",\"refusal\":null}");
  }

  /** Appends the array of tokens, each with its alternatives. */
  static Buffer list(Buffer out, List<TokenLogprob> tokens) {
    out.appendString("[");
    for (var at = 0; at < tokens.size(); at++) {
      var token = tokens.get(at);
      single(out.appendString(at == 0 ? "" : ","), token).appendString(",\"top_logprobs\":[");
      for (var other = 0; other < token.top().size(); other++) {
        single(out.appendString(other == 0 ? "" : ","), token.top().get(other)).appendString("}");
      }
      out.appendString("]}");
    }
    return out.appendString("]");
  }

  private static Buffer single(Buffer out, TokenLogprob token) {
    JsonString.append(out.appendString("{\"token\":"), token.token());
    var logprob = Double.isFinite(token.logprob()) ? token.logprob() : LEAST;
    return out.appendString(",\"logprob\":" + logprob)
        .appendString(",\"bytes\":")
        .appendString(token.bytes().isEmpty() ? "null" : compact(token.bytes()));
  }

  private static String compact(List<Integer> bytes) {
    return bytes.toString().replace(" ", "");
  }
}
