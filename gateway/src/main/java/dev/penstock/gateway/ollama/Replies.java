package dev.penstock.gateway.ollama;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/** Answers in one piece, with the media types of Ollama's server (ollama-api.md section 2). */
final class Replies {
  static final CharSequence JSON = HttpHeaders.createOptimized("application/json; charset=utf-8");
  static final CharSequence LINES = HttpHeaders.createOptimized("application/x-ndjson");

  private static final CharSequence ACCEL_BUFFERING =
      HttpHeaders.createOptimized("X-Accel-Buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");

  private Replies() {}

  /** Keeps a proxy in front from gathering the lines. */
  static void unbuffered(HttpServerResponse response) {
    response.putHeader(ACCEL_BUFFERING, NO);
  }

  static void json(HttpServerResponse response, Buffer document) {
    response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(document);
  }

  /** Answers with an error; only while no head was written. */
  static void refuse(HttpServerResponse response, OllamaError error) {
    response.setStatusCode(error.status());
    if (error.retryAfterMs() != null) {
      response.putHeader(HttpHeaders.RETRY_AFTER, Long.toString(error.retryAfterSeconds()));
    }
    json(response, error.json());
  }
}
