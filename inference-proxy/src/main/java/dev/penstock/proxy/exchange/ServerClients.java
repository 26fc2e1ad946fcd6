package dev.penstock.proxy.exchange;

import static java.lang.System.Logger.Level.DEBUG;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import java.time.Duration;

/** HTTP clients for model servers: HTTP/1.1 keep-alive, every bound set by us. */
public final class ServerClients {
  private static final System.Logger LOG = System.getLogger(ServerClients.class.getName());

  // Small, so that back-pressure reaches the model's socket instead of filling kernel memory.
  private static final int RECEIVE_BUFFER_BYTES = 32 * 1024;
  private static final int IDLE_SECONDS = 60;

  private ServerClients() {}

  /**
   * A client for one verticle instance; a shared one would put most requests on another loop's
   * connection.
   *
   * @param connections most connections per upstream
   * @param waiting most requests that wait for one of them
   */
  public static HttpClient client(
      Vertx vertx, int connections, int waiting, Duration connectTimeout) {
    return vertx
        .httpClientBuilder()
        .with(
            new HttpClientOptions()
                .setTcpNoDelay(true)
                .setTcpKeepAlive(true)
                .setReceiveBufferSize(RECEIVE_BUFFER_BYTES)
                .setKeepAliveTimeout(IDLE_SECONDS)
                .setConnectTimeout(Math.toIntExact(connectTimeout.toMillis())))
        .with(new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(waiting))
        // Every request hears of it by itself; without a handler Vert.x logs each one as an error.
        .withConnectHandler(
            connection ->
                connection.exceptionHandler(
                    failure -> LOG.log(DEBUG, "a connection to a model server broke", failure)))
        .build();
  }
}
