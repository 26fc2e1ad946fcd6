package dev.penstock.gateway.inference;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.identity.ServiceIdentity;
import dev.penstock.gateway.metrics.GatewayMetrics;
import dev.penstock.kit.metrics.Metrics;
import dev.penstock.kit.trace.Tracing;
import io.opentelemetry.api.trace.Span;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@link Inference#embed} makes of proxies that answer, refuse and vanish. */
@Timeout(20)
class EmbeddingCallTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final EmbeddingsRequest REQUEST =
      new EmbeddingsRequest("t", "m", List.of("a"), null, true, Priority.INTERACTIVE, 60_000);
  private static final Buffer ANSWER =
      Wire.encode(new Embeddings("m", List.of(new float[] {0.6f, -0.8f}), new Usage(1, 0, false)));

  private final Loop loop = new Loop(VERTX);
  private final List<Inference> started = new ArrayList<>();
  private final List<HttpServer> proxies = new ArrayList<>();

  @AfterAll
  static void stop() {
    FakeProxy.await(VERTX.close());
  }

  @AfterEach
  void close() {
    started.forEach(inference -> loop.run(inference::close));
    proxies.forEach(proxy -> FakeProxy.await(proxy.close()));
  }

  @Test
  void asksAProxyAndHandsOverTheVectors() {
    var asked = Promise.<EmbeddingsRequest>promise();
    var proxy =
        proxy(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          asked.complete(Wire.decode(body, EmbeddingsRequest.class));
                          request.response().end(ANSWER);
                        }));

    var embeddings = FakeProxy.await(embed(proxy).vectors());

    assertThat(embeddings.vectors().getFirst()).containsExactly(0.6f, -0.8f);
    assertThat(asked.future().result()).isEqualTo(REQUEST);
  }

  /** Either order of the two: the refusal is never what the caller hears. */
  @Test
  void asksTheNextProxyWhereOneHasNoCapacityOrCannotBeReached() {
    var refusing = proxy(request -> refuse(request, 503, "no_capacity"));
    var answering = proxy(request -> request.response().end(ANSWER));
    var gone = URI.create("http://127.0.0.1:1");

    for (var i = 0; i < 8; i++) {
      assertThat(FakeProxy.await(embed(refusing, gone, answering).vectors()).model())
          .isEqualTo("m");
    }
  }

  @Test
  void tellsARefusalThatNoOtherProxyWouldLift() {
    var first = proxy(request -> refuse(request, 400, "invalid_request"));
    var second = proxy(request -> refuse(request, 400, "invalid_request"));

    assertFailure(embed(first, second), FailureCode.INVALID_REQUEST);
  }

  @Test
  void tellsWhenNoProxyCanBeReached() {
    assertFailure(embed(URI.create("http://127.0.0.1:1")), FailureCode.NO_CAPACITY);
  }

  @Test
  void failsForAnAnswerThatIsNone() {
    assertFailure(
        embed(proxy(request -> request.response().end("{\"vectors\":7}"))),
        FailureCode.UPSTREAM_PROTOCOL);
  }

  @Test
  void closesTheConnectionWhenItIsCancelled() {
    var asked = Promise.<Void>promise();
    var closed = Promise.<Void>promise();
    var proxy =
        proxy(
            request -> {
              request.response().exceptionHandler(_ -> closed.tryComplete());
              request.response().closeHandler(_ -> closed.tryComplete());
              asked.complete();
            });
    var call = embed(proxy);
    FakeProxy.await(asked.future());

    loop.run(call::cancel);

    FakeProxy.await(closed.future());
  }

  private static void refuse(HttpServerRequest request, int status, String code) {
    request
        .response()
        .setStatusCode(status)
        .end("{\"code\":\"%s\",\"detail\":\"Said by the proxy.\"}".formatted(code));
  }

  private static void assertFailure(EmbeddingCall call, FailureCode code) {
    Assertions.assertThatThrownBy(() -> FakeProxy.await(call.vectors()))
        .isInstanceOf(CompletionException.class)
        .cause()
        .isInstanceOfSatisfying(
            FailureException.class, cause -> assertThat(cause.failure().code()).isEqualTo(code));
  }

  private URI proxy(io.vertx.core.Handler<HttpServerRequest> handler) {
    var server =
        FakeProxy.await(VERTX.createHttpServer().requestHandler(handler).listen(0, "127.0.0.1"));
    proxies.add(server);
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private EmbeddingCall embed(URI... addresses) {
    var config =
        new InferenceConfig(
            List.of(addresses),
            8,
            8,
            Duration.ofSeconds(2),
            Duration.ofSeconds(15),
            Duration.ofSeconds(5));
    return loop.call(
        () -> {
          var inference =
              new Inference(
                  VERTX,
                  config,
                  ServiceIdentity.NONE,
                  new GatewayMetrics(new Metrics()).loop(),
                  Tracing.OFF);
          started.add(inference);
          return inference.embed(Span.getInvalid(), REQUEST);
        });
  }
}
