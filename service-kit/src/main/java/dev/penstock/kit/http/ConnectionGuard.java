package dev.penstock.kit.http;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Closes connections that send their requests too slowly, or none. Looks at each now and then
 * instead of arming timers per request, and at the requests themselves instead of hooking their
 * handlers, which belong to the routes. Confined to one event loop.
 */
final class ConnectionGuard {
  private static final long MOST_BETWEEN_SWEEPS_MS = 1000;
  private static final int SWEEPS_PER_TIMEOUT = 4;

  private final Map<HttpConnection, Watched> watched = new HashMap<>();
  private final HttpListener.Bounds bounds;

  ConnectionGuard(Vertx vertx, HttpListener.Bounds bounds) {
    this.bounds = bounds;
    var shortest = Math.min(bounds.headTimeout().toMillis(), bounds.bodyTimeout().toMillis());
    vertx.setPeriodic(
        Math.clamp(shortest / SWEEPS_PER_TIMEOUT, 1, MOST_BETWEEN_SWEEPS_MS),
        _ -> sweep(System.nanoTime()));
  }

  void opened(HttpConnection connection) {
    watched.put(connection, new Watched(System.nanoTime()));
    connection.closeHandler(_ -> watched.remove(connection));
  }

  void requested(HttpServerRequest request) {
    var connection = watched.get(request.connection());
    if (connection != null) {
      connection.requests++;
      connection.open.add(new Open(request, System.nanoTime()));
    }
  }

  private void sweep(long now) {
    var overdue = new ArrayList<HttpConnection>();
    watched.forEach(
        (connection, state) -> {
          if (state.overdue(now, bounds)) {
            overdue.add(connection);
          }
        });
    overdue.forEach(HttpConnection::close);
  }

  private record Open(HttpServerRequest request, long since) {
    boolean done() {
      return request.response().ended() || request.response().closed();
    }
  }

  private static final class Watched {
    final List<Open> open = new ArrayList<>(1);
    int requests;
    long idleSince;

    Watched(long now) {
      idleSince = now;
    }

    boolean overdue(long now, HttpListener.Bounds bounds) {
      if (open.isEmpty()) {
        var limit = requests == 0 ? bounds.headTimeout() : bounds.idleTimeout();
        return now - idleSince > limit.toNanos();
      }
      if (open.removeIf(Open::done) && open.isEmpty()) {
        idleSince = now;
        return false;
      }
      for (var each : open) {
        var request = each.request();
        if (!request.isEnded()
            && !request.response().headWritten()
            && now - each.since() > bounds.bodyTimeout().toNanos()) {
          return true;
        }
      }
      return false;
    }
  }
}
