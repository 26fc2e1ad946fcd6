package dev.penstock.gateway.nativeapi;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.UUID;

/** Headers of answers about a turn (native-api.md section 3, sse.md section 7). */
final class TurnHeaders {
  private static final String TURN = "X-Turn-Id";
  private static final String TURNS = "/v1/turns/";

  private TurnHeaders() {}

  /** Of any answer to a request for a turn. */
  static HttpServerResponse turn(HttpServerResponse response, UUID turn) {
    return response.putHeader(TURN, turn.toString()).putHeader(HttpHeaders.LOCATION, TURNS + turn);
  }

  /** Of a stream of a turn's events. */
  static HttpServerResponse stream(HttpServerResponse response, UUID turn) {
    return response
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/event-stream; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store, no-transform")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader(TURN, turn.toString());
  }

  /** Of an answer whose turn an earlier request with the same key began. */
  static void replayed(HttpServerResponse response) {
    response.putHeader("Idempotency-Replayed", "true");
  }

  /** Of a 202 that was asked for. */
  static void later(HttpServerResponse response) {
    response.putHeader("Preference-Applied", "respond-async");
  }
}
