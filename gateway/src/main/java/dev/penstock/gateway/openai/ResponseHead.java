package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Response headers of this dialect (openai-api.md section 1, sse.md section 7); {@code
 * X-Request-Id} is there already.
 *
 * @param accepted {@link System#nanoTime} of the request's arrival
 * @param suspect the request's member that is at fault where a model refuses the request; null
 *     where it could be any
 */
record ResponseHead(long accepted, @Nullable String suspect) {
  private static final CharSequence EVENT_STREAM =
      HttpHeaders.createOptimized("text/event-stream; charset=utf-8");
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence UNSTORED =
      HttpHeaders.createOptimized("no-cache, no-store, no-transform");
  private static final CharSequence ACCEL_BUFFERING =
      HttpHeaders.createOptimized("X-Accel-Buffering");
  private static final CharSequence NO = HttpHeaders.createOptimized("no");
  private static final CharSequence CONTENT_TYPE_OPTIONS =
      HttpHeaders.createOptimized("X-Content-Type-Options");
  private static final CharSequence NOSNIFF = HttpHeaders.createOptimized("nosniff");
  private static final CharSequence PROCESSING_MS =
      HttpHeaders.createOptimized("openai-processing-ms");
  private static final CharSequence VERSION = HttpHeaders.createOptimized("openai-version");
  private static final CharSequence VERSION_VALUE = HttpHeaders.createOptimized("2020-10-01");
  private static final CharSequence SHOULD_RETRY = HttpHeaders.createOptimized("x-should-retry");
  private static final CharSequence RETRY_AFTER_MS = HttpHeaders.createOptimized("retry-after-ms");

  /** The head of answers to a request that just came. */
  static ResponseHead now() {
    return new ResponseHead(System.nanoTime(), null);
  }

  /** The same where a model's refusal is about that member. */
  ResponseHead suspecting(@Nullable String param) {
    return new ResponseHead(accepted, param);
  }

  /** The head of a stream; it leaves with the first write. */
  void stream(HttpServerResponse response) {
    common(response, EVENT_STREAM);
    response.setChunked(true).putHeader(ACCEL_BUFFERING, NO);
  }

  /** The head of one document. */
  void document(HttpServerResponse response) {
    common(response, JSON);
  }

  /** Answers with a failure; only while no head was written. */
  void refuse(HttpServerResponse response, Failure failure) {
    var error = OpenAiError.of(failure);
    error(
        response,
        failure.code() == FailureCode.INVALID_REQUEST && suspect != null
            ? OpenAiError.unsupported(suspect, error.message())
            : error);
  }

  /** Answers with an error; only while no head was written. */
  void error(HttpServerResponse response, OpenAiError error) {
    common(response, JSON);
    retry(response, error);
    response.setStatusCode(error.status()).end(error.json());
  }

  /** The headers of an error that somebody else sends. */
  void errorOfOthers(HttpServerResponse response, OpenAiError error) {
    common(response, JSON);
    retry(response, error);
  }

  private static void retry(HttpServerResponse response, OpenAiError error) {
    if (error.retryAfterMs() != null) {
      response
          .putHeader(HttpHeaders.RETRY_AFTER, Long.toString(error.retryAfterSeconds()))
          .putHeader(RETRY_AFTER_MS, Long.toString(Math.clamp(error.retryAfterMs(), 1, 30_000)));
    }
    if (error.status() == 409 || error.status() == 429 || error.status() >= 500) {
      response.putHeader(SHOULD_RETRY, Boolean.toString(error.retry()));
    }
  }

  private void common(HttpServerResponse response, CharSequence contentType) {
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, contentType)
        .putHeader(HttpHeaders.CACHE_CONTROL, UNSTORED)
        .putHeader(CONTENT_TYPE_OPTIONS, NOSNIFF)
        .putHeader(PROCESSING_MS, Long.toString((System.nanoTime() - accepted) / 1_000_000))
        .putHeader(VERSION, VERSION_VALUE);
  }
}
