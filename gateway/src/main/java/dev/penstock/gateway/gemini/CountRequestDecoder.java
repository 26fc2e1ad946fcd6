package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Reads the body of {@code countTokens}: either {@code generateContentRequest}, or {@code contents}
 * with what a request has beside them (gemini-api.md section 6).
 */
final class CountRequestDecoder {
  private CountRequestDecoder() {}

  /** The request whose prompt is counted; throws {@link GeminiException}. */
  static GenerateRequest decode(JsonNode body) {
    var count = Members.of(body, "");
    var whole = count.object("generateContentRequest");
    if (whole == null) {
      return GenerateRequestDecoder.decode(body);
    }
    if (count.find("contents") != null) {
      throw Members.invalid("contents", "absent beside generateContentRequest");
    }
    return GenerateRequestDecoder.decode(whole);
  }
}
