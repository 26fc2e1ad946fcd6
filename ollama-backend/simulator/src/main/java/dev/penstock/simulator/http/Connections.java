package dev.penstock.simulator.http;

import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

/** Breaks connections on purpose. */
final class Connections {
  private Connections() {}

  /**
   * Closes the connection under a request, answered or not.
   *
   * @param reset with RST, which Vert.x has no word for; otherwise with FIN
   */
  static void cut(HttpServerRequest request, boolean reset) {
    var connection = request.connection();
    if (reset && connection instanceof ConnectionBase tcp) {
      tcp.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    }
    connection.close();
  }
}
