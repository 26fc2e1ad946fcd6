package dev.penstock.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.proxy.standin.Protocol;
import dev.penstock.proxy.standin.Protocols;
import dev.penstock.proxy.standin.StandIn;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model server's word never makes the proxy call another address, with its key or without. */
@ParameterizedClass(name = "{0}")
@FieldSource("PROTOCOLS")
class RedirectTest {
  static final List<Protocol> PROTOCOLS = Protocols.STREAMING;

  private static final Vertx VERTX = Vertx.vertx();

  private final Protocol protocol;
  private final AtomicInteger lured = new AtomicInteger();
  @TempDir private Path folder;
  private HttpServer canary;
  private StandIn server;

  RedirectTest(Protocol protocol) {
    this.protocol = protocol;
  }

  @BeforeEach
  void start() {
    canary =
        Await.done(
            VERTX
                .createHttpServer()
                .connectionHandler(_ -> lured.incrementAndGet())
                .requestHandler(request -> request.response().end())
                .listen(0, "127.0.0.1"));
    server = StandIn.start(VERTX, protocol);
  }

  @AfterEach
  void close() {
    server.close();
    Await.done(canary.close());
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 301, 302, 303, 305, 307, 308})
  void countsARedirectedGenerationAsFailed(int status) {
    try (var proxy = ProxyDriver.startHoldingBack(server.file(folder), server.settings())) {
      var call = proxy.generate();

      server.awaitChat().redirects(status, elsewhere());

      assertThat(call.status()).isEqualTo(502);
      assertThat(call.json().getString("code")).isEqualTo("upstream_failed");
      assertThat(call.text()).doesNotContain(elsewhere(), "canary");
      proxy.awaitIdle();
    }
    assertThat(lured).hasValue(0);
  }

  /** Lists of models, probes and tokens of the platform, too. */
  @ParameterizedTest
  @ValueSource(ints = {302, 307})
  void followsNothingOfAServerThatSendsEverybodyAway(int status) {
    server.sendsEverybodyTo(status, elsewhere());
    try (var proxy = ProxyDriver.startHoldingBack(server.file(folder), server.settings())) {
      server.awaitSentAway();

      assertThat(proxy.generate().status()).isGreaterThanOrEqualTo(400);
    }
    assertThat(lured).hasValue(0);
  }

  private String elsewhere() {
    return "http://127.0.0.1:" + canary.actualPort() + "/canary";
  }
}
