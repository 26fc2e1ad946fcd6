package dev.penstock.kit.http;

import io.netty.channel.ChannelOption;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.NetworkOptions;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens the HTTP port of one verticle instance, HTTP/1.1 and h2c, with the bounds every service
 * has.
 *
 * <p>A connection that has not delivered a first request within {@code headTimeout}, or a request
 * whose body is not there within {@code bodyTimeout}, is closed, as is one that idles between
 * requests longer than {@code idleTimeout}. Responses may last: streams are not idle. Confined to
 * the event loop of the verticle that opens it.
 */
public final class HttpListener {
  /** Bounds of a listener. */
  public record Bounds(Duration headTimeout, Duration bodyTimeout, Duration idleTimeout) {
    /** For the public edge (reliability F21). */
    public static final Bounds PUBLIC =
        new Bounds(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofSeconds(75));

    /** For internal routes, where pooled connections idle for long. */
    public static final Bounds INTERNAL =
        new Bounds(Duration.ofSeconds(15), Duration.ofSeconds(30), Duration.ofMinutes(10));
  }

  /** What Cloud Run gives one instance at most. */
  private static final long STREAMS_PER_CONNECTION = 1_000;

  private static final int RESETS_PER_WINDOW = 10_000;

  private static final AtomicInteger FREE_PORTS = new AtomicInteger();

  private HttpListener() {}

  /**
   * The options common to all listeners; callers may narrow them.
   *
   * <p>With h2c on, Vert.x makes a connection known only with its first request, so a silent one is
   * never closed: a port that strangers reach directly turns it off.
   */
  public static HttpServerOptions options(String host, int port) {
    return new HttpServerOptions()
        .setHost(host)
        .setPort(port)
        .setTcpNoDelay(true)
        .setTcpKeepAlive(true)
        .setAcceptBacklog(4096)
        .setHttp2ClearTextEnabled(true)
        // A front end carries the streams of many clients over one connection, and they may all
        // leave at once (vertx.md 4.5).
        .setInitialSettings(new Http2Settings().setMaxConcurrentStreams(STREAMS_PER_CONNECTION))
        .setHttp2RstFloodMaxRstFramePerWindow(RESETS_PER_WINDOW)
        // No service speaks WebSocket; each would put a handler in the way of every write.
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  /**
   * The port to give to all verticle instances of one service: for 0, one number they share and no
   * other service of the process has, so that they get the same free port.
   */
  public static int shared(int port) {
    return port == 0 ? FREE_PORTS.decrementAndGet() : port;
  }

  /**
   * Listens.
   *
   * @param options whose send buffer is that of HTTP/1 connections alone: a small one can stall an
   *     HTTP/2 connection for good (vert.x pull request 6359)
   * @return the server, whose {@code actualPort} tells the port picked for 0; fails if the address
   *     is taken
   */
  public static Future<HttpServer> listen(
      Vertx vertx, HttpServerOptions options, Bounds bounds, Handler<HttpServerRequest> handler) {
    var guard = new ConnectionGuard(vertx, bounds);
    return vertx
        .createHttpServer(
            new HttpServerOptions(options)
                .setSendBufferSize(NetworkOptions.DEFAULT_SEND_BUFFER_SIZE))
        .connectionHandler(
            connection -> {
              prepare(connection, options);
              guard.opened(connection);
            })
        .invalidRequestHandler(new BrokenRequestHandler())
        .requestHandler(
            request -> {
              guard.requested(request);
              handler.handle(request);
            })
        .listen();
  }

  private static void prepare(HttpConnection connection, HttpServerOptions options) {
    if (connection instanceof ConnectionBase base) {
      var channel = base.channel();
      // Where h2c is on, the first request has been read by now; a front end parses before us.
      if (!options.isHttp2ClearTextEnabled()) {
        StrictRequests.install(channel.pipeline());
      }
      if (ChunkFraming.install(channel.pipeline()) && options.getSendBufferSize() > 0) {
        channel.config().setOption(ChannelOption.SO_SNDBUF, options.getSendBufferSize());
      }
    }
  }
}
