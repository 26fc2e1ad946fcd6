package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.wire.JsonString;
import java.util.List;

/** Probabilities as this dialect tells them, {@code logprobsResult}. */
final class LogprobsJson {
  private LogprobsJson() {}

  /** One entry of both lists per token of the answer. */
  static String of(List<TokenLogprob> tokens) {
    var json = new StringBuilder("{\"topCandidates\":[");
    for (var i = 0; i < tokens.size(); i++) {
      json.append(i == 0 ? "{\"candidates\":[" : ",{\"candidates\":[");
      candidates(json, tokens.get(i).top()).append("]}");
    }
    return candidates(json.append("],\"chosenCandidates\":["), tokens).append("]}").toString();
  }

  private static StringBuilder candidates(StringBuilder json, List<TokenLogprob> tokens) {
    for (var i = 0; i < tokens.size(); i++) {
      JsonString.append(json.append(i == 0 ? "{\"token\":" : ",{\"token\":"), tokens.get(i).token())
          .append(",\"logProbability\":")
          .append(tokens.get(i).logprob())
          .append('}');
    }
    return json;
  }
}
