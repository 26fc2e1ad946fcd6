package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.metric.ErrorType;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.trace.ClientCall;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One call for embeddings: the proxies it may be asked of, in order. Confined to one context. */
final class RoutedEmbedding implements EmbeddingCall {
  private final ProxyClient client;
  private final Context context;
  private final Duration connectTimeout;
  private final Iterator<URI> proxies;
  private final Buffer body;
  private final Traced traced;
  private final Promise<Embeddings> vectors = Promise.promise();
  private @Nullable HttpClientRequest request;
  private ClientCall call = ClientCall.NONE;
  private Failure failure = RoutedGeneration.UNREACHABLE;
  private boolean renewed;
  private boolean over;

  RoutedEmbedding(
      ProxyClient client,
      Context context,
      Duration connectTimeout,
      List<URI> proxies,
      Buffer body,
      Traced traced) {
    this.client = client;
    this.context = context;
    this.connectTimeout = connectTimeout;
    this.proxies = proxies.iterator();
    this.body = body;
    this.traced = traced;
  }

  @Override
  public Future<Embeddings> vectors() {
    return vectors.future();
  }

  @Override
  public void cancel() {
    over = true;
    call.event("cancelled");
    call.end();
    reset();
  }

  /** Gives up, since the proxy has not. */
  void late() {
    fail(RoutedGeneration.SILENT);
  }

  void ask() {
    if (over) {
      return;
    }
    if (!proxies.hasNext()) {
      fail(failure);
      return;
    }
    ask(proxies.next());
  }

  private void ask(URI proxy) {
    request = null;
    call.end();
    call = traced.post(proxy, "/embeddings");
    var options =
        ProxyAddress.request(HttpMethod.POST, proxy, "/embeddings")
            .setConnectTimeout(connectTimeout.toMillis())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    call.putHeaders(options::putHeader);
    client.open(options, proxy).onSuccess(ready -> send(ready, proxy)).onFailure(_ -> ask());
  }

  private void send(HttpClientRequest ready, URI proxy) {
    if (over) {
      ready.reset();
      return;
    }
    request = ready;
    ready
        .send(body)
        .onSuccess(head -> read(head, proxy))
        // No head, so nothing was done that another proxy must not do again.
        .onFailure(_ -> ask());
  }

  private void read(HttpClientResponse head, URI proxy) {
    call.answered(head.statusCode());
    if (!renewed && client.renewed(head, proxy)) {
      renewed = true;
      head.body()
          .onSuccess(
              _ -> {
                if (!over) {
                  ask(proxy);
                }
              })
          .onFailure(_ -> fail(RoutedGeneration.TRUNCATED));
      return;
    }
    head.body()
        .compose(
            document ->
                head.statusCode() == 200
                    ? decoded(document)
                    : Future.failedFuture(Refusal.of(head.statusCode(), document).asException()))
        .onSuccess(this::complete)
        .onFailure(
            cause -> {
              if (cause instanceof FailureException refused) {
                refused(refused.failure());
              } else {
                fail(RoutedGeneration.TRUNCATED);
              }
            });
  }

  /** Megabytes of numbers would hold up every stream of the event loop. */
  private Future<Embeddings> decoded(Buffer document) {
    return context
        .executeBlocking(() -> Wire.decode(document, Embeddings.class), false)
        .recover(
            _ ->
                Future.failedFuture(
                    Failure.of(
                            FailureCode.UPSTREAM_PROTOCOL,
                            "The inference proxy sent something that cannot be understood;"
                                + " try again.")
                        .asException()));
  }

  private void refused(Failure told) {
    failure = told;
    if (proxies.hasNext() && RoutedGeneration.another(told.code())) {
      ask();
    } else {
      fail(told);
    }
  }

  private void complete(Embeddings embeddings) {
    if (!over) {
      over = true;
      call.end();
      vectors.complete(embeddings);
    }
  }

  private void fail(Failure why) {
    if (!over) {
      over = true;
      call.failed(ErrorType.of(why.code(), false));
      call.end();
      reset();
      vectors.fail(why.asException());
    }
  }

  private void reset() {
    if (request != null) {
      request.reset();
    }
  }
}
