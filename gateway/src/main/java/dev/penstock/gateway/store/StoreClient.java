package dev.penstock.gateway.store;

import static java.lang.System.Logger.Level.WARNING;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.routing.Rendezvous;
import dev.penstock.kit.trace.ClientCall;
import dev.penstock.kit.trace.Tracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/**
 * Sends calls to session-service: the address its key prefers first, the next one where a
 * connection cannot be had, or where it broke before an answer and the call may be repeated.
 * Confined to one event loop.
 */
final class StoreClient {
  private static final System.Logger LOG = System.getLogger(StoreClient.class.getName());

  /** How long an address that refused a connection is asked last. */
  private static final long ASIDE_NANOS = 2_000_000_000L;

  private final HttpClient foreground;
  private final HttpClient log;
  private final HttpClient lease;
  private final Map<URI, Long> asideUntil = new HashMap<>();
  private final StoreConfig config;
  private final StoreLoad load;
  private final ServiceIdentity identity;
  private final Tracing tracing;

  StoreClient(
      Vertx vertx, StoreConfig config, StoreLoad load, ServiceIdentity identity, Tracing tracing) {
    this.config = config;
    this.load = load;
    this.identity = identity;
    this.tracing = tracing;
    foreground = client(vertx, config.foregroundConnections());
    log = client(vertx, config.logConnections());
    lease = client(vertx, 1);
  }

  private HttpClient client(Vertx vertx, int connections) {
    return vertx.createHttpClient(
        new HttpClientOptions()
            .setTcpNoDelay(true)
            .setKeepAlive(true)
            .setConnectTimeout((int) config.connectTimeout().toMillis()),
        new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(config.waitQueue()));
  }

  /** Completes with the answer's record, or a {@link FailureException}. */
  <T> Future<T> call(StoreCall call, Class<T> type) {
    return exchange(call).compose(StoreClient::body).map(body -> Wire.decode(body, type));
  }

  /** Completes when the answer is a success, whatever its body. */
  Future<Void> call(StoreCall call) {
    return exchange(call).compose(StoreClient::body).mapEmpty();
  }

  /**
   * Completes with a successful response's head, its body paused, or a {@link FailureException}.
   */
  Future<HttpClientResponse> exchange(StoreCall call) {
    load.began(call.lane());
    return attempt(call, order(call.key()), 0)
        .compose(StoreClient::successful)
        .onComplete(_ -> load.ended(call.lane()));
  }

  private List<URI> order(Object key) {
    var preferred = Rendezvous.order(config.addresses(), key);
    if (asideUntil.isEmpty() || preferred.size() == 1) {
      return preferred;
    }
    var now = System.nanoTime();
    asideUntil.values().removeIf(until -> until - now <= 0);
    var order = new ArrayList<URI>(preferred.size());
    preferred.stream().filter(each -> !asideUntil.containsKey(each)).forEach(order::add);
    preferred.stream().filter(asideUntil::containsKey).forEach(order::add);
    return order;
  }

  private Future<HttpClientResponse> attempt(StoreCall call, List<URI> order, int index) {
    var address = order.get(index);
    var traced = traced(call, address);
    return connect(call, address, traced)
        .transform(
            connected -> {
              if (connected.failed()) {
                lost(traced);
                asideUntil.put(address, System.nanoTime() + ASIDE_NANOS);
                return next(call, order, index, connected.cause());
              }
              return send(connected.result(), call)
                  .compose(answer -> known(answer, call, address, traced))
                  .onSuccess(response -> answered(traced, response))
                  .onFailure(_ -> lost(traced))
                  .recover(
                      lost ->
                          call.repeatable() && !(lost instanceof TimeoutException)
                              ? next(call, order, index, lost)
                              : unavailable(lost));
            });
  }

  /** The answer, or that to asking once more where the caller was not known. */
  private Future<HttpClientResponse> known(
      HttpClientResponse answer, StoreCall call, URI address, ClientCall traced) {
    if (!identity.renewed(answer, address)) {
      return Future.succeededFuture(answer);
    }
    answer.resume();
    return connect(call, address, traced).compose(request -> send(request, call));
  }

  private Future<HttpClientResponse> next(
      StoreCall call, List<URI> order, int index, Throwable cause) {
    return index + 1 < order.size() ? attempt(call, order, index + 1) : unavailable(cause);
  }

  private ClientCall traced(StoreCall call, URI address) {
    return call.within().getSpanContext().isValid()
        ? tracing.call(call.within(), call.method(), address, call.route())
        : ClientCall.NONE;
  }

  private static void answered(ClientCall traced, HttpClientResponse response) {
    traced.answered(response.statusCode());
    traced.end();
  }

  private static void lost(ClientCall traced) {
    traced.failed("store_unavailable");
    traced.end();
  }

  private Future<HttpClientRequest> connect(StoreCall call, URI address, ClientCall traced) {
    var silence = call.lane() == Lane.LEASE ? config.leaseTimeout() : config.callTimeout();
    var options =
        new RequestOptions()
            .setMethod(call.method())
            .setHost(address.getHost())
            .setPort(port(address))
            .setSsl("https".equals(address.getScheme()))
            .setURI(prefix(address) + call.target())
            .setConnectTimeout(config.connectTimeout().toMillis())
            .setIdleTimeout(silence.toMillis());
    call.headers().forEach(options::addHeader);
    traced.putHeaders(options::addHeader);
    return identity.sign(options, address).compose(client(call.lane())::request);
  }

  private HttpClient client(Lane lane) {
    return switch (lane) {
      case FOREGROUND -> foreground;
      case LOG -> log;
      case LEASE -> lease;
    };
  }

  private static Future<HttpClientResponse> send(HttpClientRequest request, StoreCall call) {
    var response = call.body() == null ? request.send() : request.send(call.body());
    return response.onSuccess(HttpClientResponse::pause);
  }

  private static Future<HttpClientResponse> successful(HttpClientResponse response) {
    if (response.statusCode() < 300) {
      return Future.succeededFuture(response);
    }
    return body(response)
        .compose(body -> Future.failedFuture(StoreProblem.read(response, body).asException()));
  }

  private static Future<Buffer> body(HttpClientResponse response) {
    var body = response.body();
    response.resume();
    return body.recover(StoreClient::unavailable);
  }

  private static <T> Future<T> unavailable(Throwable cause) {
    if (cause instanceof FailureException) {
      return Future.failedFuture(cause);
    }
    LOG.log(WARNING, "session-service did not answer: " + cause);
    return Future.failedFuture(
        Failure.retryAfter(
                FailureCode.STORE_UNAVAILABLE, "Sessions cannot be reached now; try again.", 1000)
            .asException());
  }

  private static int port(URI address) {
    if (address.getPort() >= 0) {
      return address.getPort();
    }
    return "https".equals(address.getScheme()) ? 443 : 80;
  }

  private static String prefix(URI address) {
    var path = address.getRawPath();
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }
}
