package dev.penstock.gateway.edge;

import io.netty.channel.ChannelOption;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;

/**
 * The socket below a streamed response, where Vert.x offers no way to it. Call on the request's own
 * event loop.
 */
public final class ResponseSocket {
  private ResponseSocket() {}

  /**
   * Bounds what the kernel takes in for a client that does not read; left alone it grows to
   * megabytes. HTTP/2 connections are left as they are: they are shared, and a small buffer can
   * stall them for good (vert.x pull request 6359).
   */
  public static void boundSendBuffer(HttpServerRequest request, int bytes) {
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase connection) {
      connection.channel().config().setOption(ChannelOption.SO_SNDBUF, bytes);
    }
  }

  /**
   * Cuts the response off now, so that it cannot pass for a complete one: a reset of the stream or,
   * in HTTP/1, of the connection. {@code response.reset()} would first wait for unsent bytes, for
   * ever where the client does not read.
   */
  public static void cut(HttpServerRequest request) {
    if (request.version() != HttpVersion.HTTP_2
        && request.connection() instanceof ConnectionBase connection) {
      connection.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      // From this context on outwards: the channel's own close goes through Vert.x, which waits.
      var _ = connection.channelHandlerContext().close();
    } else {
      request.response().reset();
    }
  }
}
