package dev.penstock.kit.identity;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/**
 * The server that tells a machine at Google who it is: {@code GET
 * /computeMetadata/v1/instance/service-accounts/default/token} and {@code …/identity?audience=}
 * (gemini-api.md section 10). What may be a passing trouble is asked again twice. Confined to one
 * context.
 *
 * @see <a href="https://cloud.google.com/compute/docs/access/authenticate-workloads">Google Cloud,
 *     authenticate workloads</a>
 */
final class MetadataServer {
  private static final String ACCOUNT = "/computeMetadata/v1/instance/service-accounts/default/";
  private static final int CONNECTIONS = 2;
  private static final int WAITING = 64;
  private static final int ATTEMPTS = 3;
  private static final long LIMIT_MS = 2_000;
  private static final long FIRST_PAUSE_MS = 100;
  private static final int HTTP = 80;

  private final Vertx vertx;
  private final HttpClient client;
  private final URI address;

  /**
   * @param host with a port or without
   */
  MetadataServer(Vertx vertx, String host) {
    this.vertx = vertx;
    this.address = URI.create("http://" + host);
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions().setConnectTimeout((int) LIMIT_MS),
            new PoolOptions().setHttp1MaxSize(CONNECTIONS).setMaxWaitQueueSize(WAITING));
  }

  /** A token for Google's own APIs; fails with an {@link IdentityException}. */
  Future<IssuedToken> accessToken() {
    return ask("token").map(IssuedToken::access);
  }

  /**
   * A token for a service that checks who calls it; fails with an {@link IdentityException}.
   *
   * @param audience what the callee is called
   */
  Future<IssuedToken> identityToken(String audience) {
    return ask("identity?audience=" + URLEncoder.encode(audience, StandardCharsets.UTF_8))
        .map(answer -> IssuedToken.identity(answer, Instant.now()));
  }

  private Future<Buffer> ask(String what) {
    return ask(what, 1);
  }

  private Future<Buffer> ask(String what, int attempt) {
    return once(what)
        .recover(
            failure ->
                attempt == ATTEMPTS || failure instanceof IdentityException
                    ? Future.failedFuture(told(failure))
                    : vertx
                        .timer(FIRST_PAUSE_MS << (attempt - 1), TimeUnit.MILLISECONDS)
                        .compose(_ -> ask(what, attempt + 1)));
  }

  private Future<Buffer> once(String what) {
    var request =
        new RequestOptions()
            .setMethod(HttpMethod.GET)
            .setHost(address.getHost())
            .setPort(address.getPort() < 0 ? HTTP : address.getPort())
            .setURI(ACCOUNT + what)
            .setTimeout(LIMIT_MS)
            .putHeader("Metadata-Flavor", "Google");
    return client
        .request(request)
        .compose(
            ready ->
                ready
                    .send()
                    .compose(MetadataServer::body)
                    .timeout(LIMIT_MS, TimeUnit.MILLISECONDS)
                    .onFailure(_ -> ready.reset()));
  }

  private static Future<Buffer> body(HttpClientResponse answer) {
    var status = answer.statusCode();
    if (status == 200) {
      return answer.body();
    }
    var passing = status == 429 || status >= 500;
    var what = "the metadata server answered " + status;
    return answer
        .body()
        .compose(
            _ ->
                Future.failedFuture(
                    passing ? new IllegalStateException(what) : new IdentityException(what)));
  }

  private static IdentityException told(Throwable failure) {
    return failure instanceof IdentityException known
        ? known
        : new IdentityException("the metadata server did not help: " + failure.getMessage());
  }
}
