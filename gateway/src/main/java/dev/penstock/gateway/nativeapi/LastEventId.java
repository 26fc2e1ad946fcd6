package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.turn.Position;
import dev.penstock.gateway.problem.Problems;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a client says it is in a turn's events (SSE-21). */
final class LastEventId {
  /** The request header. */
  static final String HEADER = "Last-Event-ID";

  /** The query parameter, for first connections of clients that cannot set the header. */
  static final String PARAMETER = "last_event_id";

  private LastEventId() {}

  /**
   * The position in the request's header.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if it is malformed
   */
  static Optional<Position> of(HttpServerRequest request) {
    return Optional.ofNullable(request.getHeader(HEADER)).map(text -> read(HEADER, text));
  }

  /**
   * The position in the header or else in {@code parameter}; it must be one of {@code turn}.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if it is malformed
   */
  static @Nullable Position within(
      UUID turn, HttpServerRequest request, @Nullable String parameter) {
    var header = request.getHeader(HEADER);
    var name = header == null ? PARAMETER : HEADER;
    var text = header == null ? parameter : header;
    if (text == null) {
      return null;
    }
    var position = read(name, text);
    if (!position.turn().equals(turn)) {
      throw malformed(name);
    }
    return position;
  }

  private static Position read(String name, String text) {
    return Position.parse(text).orElseThrow(() -> malformed(name));
  }

  private static RuntimeException malformed(String name) {
    return Problems.invalid(name, "the id of an event of this turn: {turn}.{attempt}.{seq}");
  }
}
