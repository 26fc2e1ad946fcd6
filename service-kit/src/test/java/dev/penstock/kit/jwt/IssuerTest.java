package dev.penstock.kit.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The issuer's documents: how they are fetched, kept and done without (reliability.md 5.3). */
class IssuerTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Context LOOP = VERTX.getOrCreateContext();

  private final AtomicLong clock = new AtomicLong(1_000_000);
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final HttpServer server =
      join(VERTX.createHttpServer().requestHandler(this::answer).listen(0, "127.0.0.1"));
  private final Issuer issuer = issuer(null);
  private volatile int status = 200;
  private volatile String keys = document("one");
  private volatile JsonObject metadata =
      new JsonObject().put("issuer", name().toString()).put("jwks_uri", name() + "/keys");

  @AfterEach
  void close() {
    join(server.close());
  }

  @AfterAll
  static void stop() {
    join(VERTX.close());
  }

  @Test
  void fetchesItsKeysOnceForAllWhoAsk() {
    assertThat(key("one")).isNotNull();
    assertThat(key("one")).isNotNull();

    assertThat(asked).containsExactly("/.well-known/openid-configuration", "/keys");
  }

  @Test
  void asksNotForWhatItWasTold() {
    var told = issuer(URI.create(name() + "/keys"));

    assertThat(join(onLoop(() -> told.key("one", SignatureAlgorithm.ES256)))).isNotNull();

    assertThat(asked).containsExactly("/keys");
  }

  @Test
  void fetchesAnUnknownKeyAtMostOnceAMinute() {
    key("one");
    pass(Duration.ofSeconds(61));
    keys = document("two");
    assertThat(key("two")).isNotNull();
    keys = document("three");

    assertThatThrownBy(() -> key("three")).isInstanceOf(JwtRefusedException.class);
    assertThatThrownBy(() -> key("four")).isInstanceOf(JwtRefusedException.class);

    assertThat(asked).filteredOn("/keys"::equals).hasSize(2);
    pass(Duration.ofSeconds(61));
    assertThat(key("three")).isNotNull();
  }

  @Test
  void believesALastGoodSetForADay() {
    key("one");
    status = 503;
    pass(Duration.ofHours(23));
    assertThat(key("one")).isNotNull();

    pass(Duration.ofHours(2));

    assertThatThrownBy(() -> key("one")).isInstanceOf(IssuerUnavailableException.class);
    status = 200;
    pass(Duration.ofSeconds(2));
    assertThat(key("one")).isNotNull();
  }

  @Test
  void doesNotAskForEveryTokenWhileTheIssuerIsAway() {
    status = 503;

    for (var i = 0; i < 20; i++) {
      assertThatThrownBy(() -> key("one")).isInstanceOf(IssuerUnavailableException.class);
    }

    assertThat(asked).hasSize(1);
  }

  @Test
  void keepsTheLastGoodSetWhenTheNextOneIsEmpty() {
    key("one");
    keys = "{\"keys\":[]}";
    pass(Duration.ofMinutes(11));

    assertThat(key("one")).isNotNull();
    assertThatThrownBy(() -> key("two")).isInstanceOf(JwtRefusedException.class);
    assertThat(key("one")).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"keys\":[]}",
        "{}",
        "[]",
        "no JSON",
        "{\"keys\":[{\"kty\":\"oct\",\"kid\":\"one\",\"k\":\"c2VjcmV0\"}]}",
        "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"kid\":\"one\",\"x\":\"AA\",\"y\":\"AA\"}]}"
      })
  void hasNoKeysWhereItsDocumentHoldsNone(String document) {
    keys = document;

    assertThatThrownBy(() -> key("one")).isInstanceOf(IssuerUnavailableException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void doesNotFollowARedirectOfEitherDocument(int redirect) {
    status = redirect;
    assertThatThrownBy(() -> key("one"))
        .isInstanceOf(IssuerUnavailableException.class)
        .hasMessageContaining(Integer.toString(redirect));
    assertThat(asked).containsExactly("/.well-known/openid-configuration");

    asked.clear();
    var ofKeys = issuer(URI.create(name() + "/keys"));
    assertThatThrownBy(() -> key(ofKeys, "one"))
        .isInstanceOf(IssuerUnavailableException.class)
        .hasMessageContaining(Integer.toString(redirect));
    assertThat(asked).containsExactly("/keys");
  }

  @Test
  void readsNoMoreThanADocumentMayBeLong() {
    keys = " ".repeat(Documents.MAX_BYTES) + document("one");

    assertThatThrownBy(() -> key("one"))
        .isInstanceOf(IssuerUnavailableException.class)
        .hasMessageContaining("too long");
  }

  @Test
  void doesNotBelieveADocumentInAnothersName() {
    metadata = metadata.copy().put("issuer", "https://login.example.com");

    assertThatThrownBy(() -> key("one")).isInstanceOf(IssuerUnavailableException.class);
    assertThat(asked).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254/keys",
        "http://login.example.com/keys",
        "file:///etc/passwd",
        "//login.example.com/keys",
        "https://user:secret@login.example.com/keys",
        "http://127.0.0.1.example.com/keys"
      })
  void fetchesKeysByHttpsAlone(String address) {
    metadata = metadata.copy().put("jwks_uri", address);

    assertThatThrownBy(() -> key("one"))
        .isInstanceOf(IssuerUnavailableException.class)
        .hasMessageContaining("jwks_uri");
    assertThat(asked).hasSize(1);
  }

  private URI name() {
    return URI.create("http://127.0.0.1:" + server.actualPort());
  }

  private Issuer issuer(@Nullable URI keysAddress) {
    return join(
        onLoop(
            () ->
                Future.succeededFuture(
                    new Issuer(
                        new Documents(VERTX, 1, 2),
                        name(),
                        keysAddress,
                        new Refreshed.Timing(LOOP, VERTX::getOrCreateContext, clock::get)))));
  }

  private void pass(Duration time) {
    clock.addAndGet(time.toMillis());
  }

  private void answer(HttpServerRequest request) {
    asked.add(request.path());
    var response = request.response().setStatusCode(status);
    if (status / 100 == 3) {
      response.putHeader("Location", name() + "/elsewhere");
    }
    response.end(request.path().equals("/keys") ? keys : metadata.encode());
  }

  private JWSVerifier key(String id) {
    return key(issuer, id);
  }

  private static JWSVerifier key(Issuer of, String id) {
    return join(onLoop(() -> of.key(id, SignatureAlgorithm.ES256)));
  }

  private static String document(String id) {
    try {
      ECKey key = new ECKeyGenerator(com.nimbusds.jose.jwk.Curve.P_256).keyID(id).generate();
      return "{\"keys\":[" + key.toPublicJWK().toJSONString() + "]}";
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static <T> Future<T> onLoop(Supplier<Future<T>> work) {
    var answer = io.vertx.core.Promise.<T>promise();
    LOOP.runOnContext(_ -> work.get().onComplete(answer));
    return answer.future();
  }

  private static <T> T join(Future<T> future) {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException known ? known : e;
    }
  }
}
