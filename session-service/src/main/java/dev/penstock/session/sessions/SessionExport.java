package dev.penstock.session.sessions;

import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.database.TenantDatabase;
import dev.penstock.session.http.Caller;
import dev.penstock.session.messages.Messages;
import dev.penstock.session.turns.SessionTurns;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Writes a whole session as one document, {@code {session, messages, turns}}, a few rows at a time
 * and as fast as the client reads. Between pages no connection is held, so a slow client costs the
 * database nothing.
 */
final class SessionExport {
  // A message has at most 1 MiB, a turn a quarter more.
  private static final int ROWS = 8;

  private final TenantDatabase foreground;
  private final Sessions sessions;

  SessionExport(TenantDatabase foreground, Sessions sessions) {
    this.foreground = foreground;
    this.sessions = sessions;
  }

  /**
   * Blocks until all is written.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code not_found}, before the first
   *     byte
   */
  void write(Caller caller, UUID id, HttpServerResponse response) {
    var session = sessions.show(caller, id);
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    write(response, Buffer.buffer("{\"session\":").appendBuffer(Wire.encode(session)));
    write(response, Buffer.buffer(",\"messages\":["));
    each(
        response,
        after -> Messages.read(foreground, caller.tenant(), id, false, after, ROWS),
        message -> message.ordinal(),
        message -> message);
    write(response, Buffer.buffer("],\"turns\":["));
    each(
        response,
        after -> SessionTurns.read(foreground, caller.tenant(), id, false, after, ROWS),
        stored -> stored.ordinal(),
        stored -> stored.turn());
    response.end("]}").await();
  }

  private static <T> void each(
      HttpServerResponse response,
      IntFunction<List<T>> page,
      ToIntFunction<T> ordinal,
      Function<T, Object> shown) {
    var after = Integer.MIN_VALUE;
    var separator = "";
    List<T> rows;
    do {
      rows = page.apply(after);
      for (var row : rows) {
        write(response, Buffer.buffer(separator).appendBuffer(Wire.encode(shown.apply(row))));
        separator = ",";
        after = ordinal.applyAsInt(row);
      }
    } while (rows.size() == ROWS);
  }

  private static void write(HttpServerResponse response, Buffer bytes) {
    response.write(bytes).await();
  }
}
