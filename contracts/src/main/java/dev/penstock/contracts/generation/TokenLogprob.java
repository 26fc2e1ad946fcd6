package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * How likely the model found a token.
 *
 * @param token as text; U+FFFD where the token is not whole characters
 * @param bytes its UTF-8, as numbers from 0 to 255; empty where the upstream does not tell
 * @param top the likeliest tokens at this place, likeliest first, without alternatives of their own
 */
public record TokenLogprob(
    String token,
    double logprob,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Integer> bytes,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<TokenLogprob> top) {

  public TokenLogprob {
    bytes = Lists.orEmpty(bytes);
    top = Lists.orEmpty(top);
  }
}
