package dev.penstock.gateway.openai;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/**
 * What all chunks of one answer share.
 *
 * @param id opaque, {@code chatcmpl-…} or {@code cmpl-…}; only for people and logs to tell answers
 *     apart
 * @param created epoch seconds
 * @param model as the caller named it
 */
record CompletionId(String id, long created, String model) {
  static CompletionId next(String prefix, String model, Instant now) {
    var random = ThreadLocalRandom.current();
    var id = prefix + "%016x%08x".formatted(random.nextLong(), random.nextInt());
    return new CompletionId(id, now.getEpochSecond(), model);
  }

  /** Names what answered, as {@code fp_gemma3_270m}. */
  String fingerprint() {
    return "fp_" + model.replaceAll("[^0-9A-Za-z]+", "_");
  }
}
