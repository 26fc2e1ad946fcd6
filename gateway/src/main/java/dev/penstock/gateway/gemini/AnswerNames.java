package dev.penstock.gateway.gemini;

import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all chunks of one answer share.
 *
 * @param modelVersion as the caller named the model
 * @param responseId 22 characters of URL-safe base64; only for people and logs to tell answers
 *     apart
 * @param isText whether the prompt is text alone
 */
record AnswerNames(String modelVersion, String responseId, boolean isText) {
  private static final int ID_BYTES = 16;

  static AnswerNames next(String model, boolean isText) {
    var id = new byte[ID_BYTES];
    ThreadLocalRandom.current().nextBytes(id);
    return new AnswerNames(
        model, Base64.getUrlEncoder().withoutPadding().encodeToString(id), isText);
  }
}
