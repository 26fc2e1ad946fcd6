package dev.penstock.gateway.nativeapi;

import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;

/** The form in which a caller wants the answer to a turn (native-api.md section 3). */
enum TurnForm {
  /** Events as they come. */
  STREAM,
  /** The turn, once it has ended. */
  WHOLE,
  /** The turn as it is, at once. */
  LATER;

  private static final String RESPOND_ASYNC = "respond-async";

  /**
   * The form a request asks for.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_acceptable}
   */
  static TurnForm of(HttpServerRequest request) {
    var type = Accepts.of(request).require(Accepts.JSON, Accepts.EVENT_STREAM);
    if (prefersLater(request)) {
      return LATER;
    }
    return type.equals(Accepts.EVENT_STREAM) ? STREAM : WHOLE;
  }

  private static boolean prefersLater(HttpServerRequest request) {
    return request.headers().getAll("Prefer").stream()
        .flatMap(header -> Arrays.stream(header.split("[,;]")))
        .anyMatch(preference -> preference.strip().equalsIgnoreCase(RESPOND_ASYNC));
  }
}
