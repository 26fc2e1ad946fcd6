package dev.penstock.kit.jwt;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks an issuer for documents: within {@value LIMIT_MS} ms, at most {@value MAX_BYTES} bytes, and
 * never where a redirect leads. Confined to one context.
 */
public final class Documents {
  static final long LIMIT_MS = 5_000;
  static final int MAX_BYTES = 256 * 1024;
  private static final int CONNECT_MS = 2_000;

  private final HttpClient client;

  /**
   * @param connections at most
   * @param waiting requests that may wait for one, before the next fails
   */
  public Documents(Vertx vertx, int connections, int waiting) {
    client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout(CONNECT_MS),
            new PoolOptions().setHttp1MaxSize(connections).setMaxWaitQueueSize(waiting));
  }

  /** The text at that address; fails with an {@link IssuerUnavailableException}. */
  Future<String> get(URI address) {
    return ask(request(HttpMethod.GET, address), Buffer.buffer());
  }

  /**
   * What the address answers to a form; fails with an {@link IssuerUnavailableException}, also
   * where the answer is a refusal.
   *
   * @param form {@code application/x-www-form-urlencoded}
   * @param authorization the header; null for none
   */
  public Future<String> post(URI address, String form, @Nullable String authorization) {
    var request =
        request(HttpMethod.POST, address)
            .putHeader("Content-Type", "application/x-www-form-urlencoded");
    if (authorization != null) {
      request.putHeader("Authorization", authorization);
    }
    return ask(request, Buffer.buffer(form));
  }

  private static RequestOptions request(HttpMethod method, URI address) {
    return new RequestOptions()
        .setMethod(method)
        .setAbsoluteURI(address.toString())
        .setFollowRedirects(false)
        .setTimeout(LIMIT_MS)
        .putHeader("Accept", "application/json");
  }

  private Future<String> ask(RequestOptions request, Buffer body) {
    return client
        .request(request)
        .compose(
            ready ->
                ready
                    .send(body)
                    .compose(Documents::body)
                    .timeout(LIMIT_MS, TimeUnit.MILLISECONDS)
                    .onFailure(_ -> ready.reset()))
        .map(Buffer::toString)
        .recover(
            failure ->
                Future.failedFuture(
                    failure instanceof IssuerUnavailableException
                        ? failure
                        : new IssuerUnavailableException(
                            "the issuer does not answer: " + failure.getMessage())));
  }

  private static Future<Buffer> body(HttpClientResponse answer) {
    if (answer.statusCode() != 200) {
      return Future.failedFuture(
          new IssuerUnavailableException("the issuer answers " + answer.statusCode()));
    }
    var read = Buffer.buffer();
    var whole = Promise.<Buffer>promise();
    answer.exceptionHandler(whole::tryFail);
    answer.endHandler(_ -> whole.tryComplete(read));
    answer.handler(
        part -> {
          if (read.length() + part.length() > MAX_BYTES) {
            answer.pause();
            whole.tryFail(new IssuerUnavailableException("the issuer's answer is too long"));
          } else {
            read.appendBuffer(part);
          }
        });
    return whole.future();
  }
}
