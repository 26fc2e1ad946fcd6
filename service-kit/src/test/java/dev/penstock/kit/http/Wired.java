package dev.penstock.kit.http;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A listener on a free port, and sockets that say to it what they like. */
public final class Wired implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;

  public Wired(HttpListener.Bounds bounds, Function<Vertx, Handler<HttpServerRequest>> handler) {
    this(false, bounds, handler);
  }

  /**
   * @param http2 whether HTTP/2 is understood too, as behind a platform's front end
   */
  public Wired(
      boolean http2,
      HttpListener.Bounds bounds,
      Function<Vertx, Handler<HttpServerRequest>> handler) {
    server =
        await(
            HttpListener.listen(
                vertx,
                HttpListener.options("127.0.0.1", 0).setHttp2ClearTextEnabled(http2),
                bounds,
                handler.apply(vertx)));
  }

  public Socket connect() throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** Where it listens, on the loopback interface. */
  public int port() {
    return server.actualPort();
  }

  public static void send(Socket socket, String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** What comes until the other side closes; fails if it does not within {@code limit}. */
  public static String untilClosed(Socket socket, Duration limit) throws IOException {
    socket.setSoTimeout((int) limit.toMillis());
    try {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("still open after " + limit, e);
    } catch (SocketException e) {
      return "";
    }
  }

  private static <T> T await(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(5, TimeUnit.SECONDS).join();
  }

  @Override
  public void close() {
    await(vertx.close());
  }
}
