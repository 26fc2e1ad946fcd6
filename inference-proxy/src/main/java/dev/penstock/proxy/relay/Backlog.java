package dev.penstock.proxy.relay;

import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * What was written to a connection and is not in its socket yet, where Vert.x offers no way to it.
 * Confined to the connection's event loop.
 */
record Backlog(HttpConnection connection) {
  long bytes() {
    if (connection instanceof ConnectionBase base) {
      var waiting = base.channel().unsafe().outboundBuffer();
      return waiting == null ? 0 : waiting.totalPendingWriteBytes();
    }
    return 0;
  }
}
