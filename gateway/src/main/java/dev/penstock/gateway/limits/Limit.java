package dev.penstock.gateway.limits;

import java.util.Locale;

/** What there may be too much of. */
enum Limit {
  /** Requests that ask a model, per minute. */
  REQUESTS("requests per minute are"),
  /** Tokens in and out, per minute. */
  TOKENS("tokens per minute are"),
  /** Answers under way at once. */
  STREAMS("answers at once are"),
  /** Callers with limits that one instance can follow. */
  CALLERS("callers are");

  private final String words;

  Limit(String words) {
    this.words = words;
  }

  /** Its name with its verb, for a sentence. */
  String words() {
    return words;
  }

  /** The word in the metric's label. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
