package dev.penstock.kit.identity;

import static dev.penstock.kit.identity.FakeMetadata.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * gemini-api.md section 10: cached, refreshed early off the request's path, one fetch at a time.
 */
class BearerTokenTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String HEADER = "Authorization";
  private static final long LIFE_MS = 3_600_000;

  private final Context context = VERTX.getOrCreateContext();
  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger fetched = new AtomicInteger();
  private volatile Supplier<Future<IssuedToken>> source = this::another;
  private final AtomicLong refreshAt = new AtomicLong(Long.MAX_VALUE);
  private volatile Runnable refresh = () -> {};
  private final FakeMetadata callee = new FakeMetadata(VERTX);
  private final BearerToken token =
      new BearerToken(
          "token",
          () -> source.get(),
          new BearerToken.Timing(
              context,
              () -> context,
              now::get,
              (delay, action) -> {
                refreshAt.set(now.get() + delay);
                refresh = action;
              }));

  @AfterEach
  void end() {
    callee.close();
  }

  @AfterAll
  static void stop() {
    await(VERTX.close());
  }

  @Test
  void asksOnceForManyRequestsAndKeepsTheAnswer() {
    var gate = Promise.<IssuedToken>promise();
    source =
        () -> {
          fetched.incrementAndGet();
          return gate.future();
        };
    var signed =
        IntStream.range(0, 50).mapToObj(_ -> token.sign(new RequestOptions(), HEADER)).toList();

    context.runOnContext(
        _ -> gate.complete(new IssuedToken("token-1", Duration.ofMillis(LIFE_MS))));

    assertThat(signed)
        .allSatisfy(
            each -> assertThat(await(each).getHeaders().get(HEADER)).isEqualTo("Bearer token-1"));
    assertThat(shown()).isEqualTo("Bearer token-1");
    assertThat(fetched).hasValue(1);
  }

  @Test
  void refreshesByItselfBeforeTheEndWhileTheOldOneIsUsed() {
    assertThat(shown()).isEqualTo("Bearer token-1");
    assertThat(refreshAt.get()).isBetween(LIFE_MS - 225_000, LIFE_MS - 210_000);

    now.set(refreshAt.get());
    assertThat(shown()).isEqualTo("Bearer token-1");
    refreshes();

    assertThat(shown()).isEqualTo("Bearer token-2");
    assertThat(fetched).hasValue(2);
  }

  @Test
  void fetchesFirstWhereATimerWasHeldBackUntilTheEndIsNear() {
    shown();

    now.set(LIFE_MS - 180_000);

    assertThat(shown()).isEqualTo("Bearer token-2");
  }

  @Test
  void livesOnTheOldOneThroughAnOutageUntilItsEnd() {
    shown();
    source = () -> Future.failedFuture(new IdentityException("nobody is there"));

    now.set(LIFE_MS - 170_000);
    assertThat(shown()).isEqualTo("Bearer token-1");
    now.set(LIFE_MS - 11_000);
    assertThat(shown()).isEqualTo("Bearer token-1");
    assertThat(refreshAt.get()).isEqualTo(LIFE_MS - 6_000);

    now.set(LIFE_MS - 9_000);
    assertThatThrownBy(this::shown).rootCause().hasMessageContaining("nobody");
    source = this::another;
    now.addAndGet(1_000);
    assertThat(shown()).isEqualTo("Bearer token-2");
  }

  @Test
  void doesNotAskForEveryRequestWhileNobodyAnswers() {
    source =
        () -> {
          fetched.incrementAndGet();
          return Future.failedFuture(new IdentityException("nobody is there"));
        };

    for (var i = 0; i < 10; i++) {
      assertThatThrownBy(this::shown).rootCause().hasMessageContaining("nobody");
    }

    assertThat(fetched).hasValue(1);
  }

  @Test
  void takesAnotherForOneThatWasRefusedButNotAgainAndAgain() {
    var first = sent(shown());

    assertThat(refused(first)).isTrue();
    assertThat(shown()).isEqualTo("Bearer token-2");
    // Sent with the first one as well, and answered late.
    assertThat(refused(first)).isTrue();
    assertThat(shown()).isEqualTo("Bearer token-2");

    var second = sent(shown());
    assertThat(refused(second)).isFalse();
    now.addAndGet(5_000);
    assertThat(refused(second)).isTrue();
    assertThat(shown()).isEqualTo("Bearer token-3");
  }

  private Future<IssuedToken> another() {
    return Future.succeededFuture(
        new IssuedToken("token-" + fetched.incrementAndGet(), Duration.ofMillis(LIFE_MS)));
  }

  private String shown() {
    return await(token.sign(new RequestOptions(), HEADER)).getHeaders().get(HEADER);
  }

  private void refreshes() {
    var done = Promise.<Void>promise();
    context.runOnContext(
        _ -> {
          refresh.run();
          done.complete();
        });
    await(done.future());
  }

  private HttpClientRequest sent(String authorization) {
    var host = callee.host().split(":");
    return await(
        VERTX
            .createHttpClient()
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setHost(host[0])
                    .setPort(Integer.parseInt(host[1]))
                    .putHeader(HEADER, authorization)));
  }

  private boolean refused(HttpClientRequest request) {
    return token.refused(request, HEADER);
  }
}
