package dev.penstock.proxy.exchange;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.TokenLogprob;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a list of tokens with their probabilities: {@code [{"token":"
 * no","logprob":-0.4,"bytes":[32,110,111], "top_logprobs":[…]}]}, alternatives of the same shape.
 */
public final class LogprobList {
  private LogprobList() {}

  /** Reads the array the parser stands on; null is an empty one. */
  public static List<TokenLogprob> read(JsonParser in) throws IOException {
    if (in.currentToken() == JsonToken.VALUE_NULL) {
      return List.of();
    }
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new JsonParseException(in, "logprobs are no array");
    }
    var tokens = new ArrayList<TokenLogprob>();
    while (in.nextToken() != JsonToken.END_ARRAY) {
      tokens.add(token(in));
    }
    return tokens;
  }

  private static TokenLogprob token(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(in, "a token is no object");
    }
    var text = "";
    var logprob = 0.0;
    var bytes = List.<Integer>of();
    var top = List.<TokenLogprob>of();
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var member = in.currentName();
      in.nextToken();
      switch (member) {
        case "token" -> text = in.getText();
        case "logprob" -> logprob = in.getDoubleValue();
        case "bytes" -> bytes = numbers(in);
        case "top_logprobs" -> top = read(in);
        default -> in.skipChildren();
      }
    }
    return new TokenLogprob(text, logprob, bytes, top);
  }

  private static List<Integer> numbers(JsonParser in) throws IOException {
    var numbers = new ArrayList<Integer>();
    if (in.currentToken() == JsonToken.START_ARRAY) {
      while (in.nextToken() != JsonToken.END_ARRAY) {
        numbers.add(in.getIntValue());
      }
    }
    return numbers;
  }
}
