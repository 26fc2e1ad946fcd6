package dev.penstock.gateway.authentication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Peppers;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.gateway.caller.Caller;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.VertxInternal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** What a key costs and how long it is remembered, by a clock that the test moves. */
class KeyAuthenticatorTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private final Map<String, StoredKey> stored = new HashMap<>();
  private final List<String> lookups = new ArrayList<>();
  private final KnownKeys known = new KnownKeys(1_000, 2, nanos::get);
  private boolean away;

  @AfterAll
  static void stop() {
    VERTX.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void looksAKeyUpOnceInThirtySeconds() {
    var key = keep(MadeKey.of("acme"));

    assertThat(ask(key.text()).tenant()).isEqualTo("acme");
    pass(Duration.ofSeconds(29));
    ask(key.text());
    assertThat(lookups).hasSize(1);
    pass(Duration.ofSeconds(2));
    ask(key.text());

    assertThat(lookups).hasSize(2);
  }

  @Test
  void refusesARevokedKeyWithinThirtySeconds() {
    var key = keep(MadeKey.of("acme"));
    ask(key.text());
    keep(key.revoked());

    pass(Duration.ofSeconds(29));
    assertThat(ask(key.text())).isNotNull();
    pass(Duration.ofSeconds(1));

    assertRefused(key.text());
  }

  /** However long it was looked up before. */
  @Test
  void refusesAKeyFromTheMomentItExpires() {
    var key = keep(MadeKey.of("acme").expiring(START.plusSeconds(10)));

    pass(Duration.ofSeconds(9));
    assertThat(ask(key.text()).rights().until()).isEqualTo(START.plusSeconds(10));
    pass(Duration.ofSeconds(1));

    assertRefused(key.text());
    assertThat(lookups).hasSize(1);
  }

  /** A guess has to get 48 bits of an HMAC right before anybody is asked. */
  @Test
  void neverAsksTheStoreForAMadeUpKey() {
    var key = keep(MadeKey.of("acme")).text();
    var last = key.charAt(key.length() - 1) == 'A' ? 'B' : 'A';
    var inMiddle = new StringBuilder(key);
    inMiddle.setCharAt(30, key.charAt(30) == 'A' ? 'B' : 'A');
    var otherId = new StringBuilder(key);
    otherId.setCharAt(5, key.charAt(5) == '0' ? '1' : '0');

    for (var wrong :
        List.of(
            key.substring(0, key.length() - 1) + last,
            inMiddle.toString(),
            otherId.toString(),
            key.substring(0, key.length() - 1),
            key + "A",
            key.toUpperCase(java.util.Locale.ROOT),
            "psk_",
            "psk_" + "0".repeat(64),
            "psk_../../sessions/" + "A".repeat(45),
            key.substring(0, 17),
            "psk_" + "x".repeat(10_000))) {
      assertRefused(wrong);
    }
    assertThat(lookups).isEmpty();
  }

  @Test
  void asksOnceInTenSecondsForAKeyThatIsGone() {
    var key = MadeKey.of("acme");

    assertRefused(key.text());
    pass(Duration.ofSeconds(9));
    assertRefused(key.text());
    assertThat(lookups).hasSize(1);
    pass(Duration.ofSeconds(1));
    assertRefused(key.text());

    assertThat(lookups).hasSize(2);
  }

  /** The check tells what was made here, the hash which of it is this tenant's. */
  @Test
  void refusesAKeyWhoseHashIsAnothers() {
    var key = MadeKey.of("acme");
    var other = MadeKey.of("other").stored();
    stored.put(
        key.key().id(),
        new StoredKey(
            key.key().id(),
            other.tenant(),
            other.name(),
            null,
            other.scopes(),
            null,
            other.limits(),
            other.hash(),
            null,
            null));

    assertRefused(key.text());
  }

  @Test
  void goesOnWithKnownKeysWhileTheStoreIsAwayAndThenSaysSo() {
    var key = keep(MadeKey.of("acme"));
    ask(key.text());
    away = true;

    pass(Duration.ofSeconds(29));
    assertThat(ask(key.text()).tenant()).isEqualTo("acme");
    pass(Duration.ofSeconds(2));
    assertThatThrownBy(() -> ask(key.text())).satisfies(KeyAuthenticatorTest::assertUnavailable);
    away = false;

    assertThat(ask(key.text()).tenant()).isEqualTo("acme");
  }

  @Test
  void looksUpOnceForAllWhoWaitForTheSameKey() {
    var key = keep(MadeKey.of("acme"));
    var held = Promise.<Optional<StoredKey>>promise();
    var calls = new ArrayList<String>();
    var authenticator =
        authenticator(
            id -> {
              calls.add(id);
              return held.future();
            });

    var first = authenticator.authenticate(key.text());
    var second = authenticator.authenticate(key.text());
    held.complete(Optional.of(key.stored()));

    assertThat(get(first)).isEqualTo(get(second));
    assertThat(calls).hasSize(1);
  }

  @Test
  void refusesALookUpBeyondTheBound() {
    var authenticator = authenticator(_ -> Promise.<Optional<StoredKey>>promise().future());
    authenticator.authenticate(MadeKey.of("a").text());
    authenticator.authenticate(MadeKey.of("b").text());
    assertThat(known.lookups()).isEqualTo(2);

    var third = authenticator.authenticate(MadeKey.of("c").text());

    assertThatThrownBy(() -> get(third)).satisfies(KeyAuthenticatorTest::assertUnavailable);
  }

  /** First makes, all verify. */
  @Test
  void knowsKeysOfAnEarlierPepper() {
    var old = keep(MadeKey.of("acme"));
    var peppers = Peppers.parse("another pepper that is long enough too\n" + MadeKey.SECRET);
    var fresh = peppers.first().make(new SecureRandom());
    stored.put(fresh.id(), hashed(old, fresh, peppers));
    var authenticator = new KeyAuthenticator(peppers, known, this::find, context(), this::now);

    assertThat(get(authenticator.authenticate(old.text())).tenant()).isEqualTo("acme");
    assertThat(get(authenticator.authenticate(fresh.text())).tenant()).isEqualTo("acme");
    assertRefused(fresh.text());
  }

  private static StoredKey hashed(MadeKey like, ApiKey key, Peppers peppers) {
    var from = like.stored();
    return new StoredKey(
        key.id(),
        from.tenant(),
        from.name(),
        null,
        from.scopes(),
        null,
        from.limits(),
        peppers.first().hash(key),
        null,
        null);
  }

  private MadeKey keep(MadeKey key) {
    stored.put(key.key().id(), key.stored());
    return key;
  }

  private Caller ask(String credential) {
    return get(authenticator(this::find).authenticate(credential));
  }

  private KeyAuthenticator authenticator(KeySource source) {
    return new KeyAuthenticator(Peppers.parse(MadeKey.SECRET), known, source, context(), this::now);
  }

  private static io.vertx.core.Context context() {
    return ((VertxInternal) VERTX).createEventLoopContext();
  }

  private Future<Optional<StoredKey>> find(String id) {
    lookups.add(id);
    return away
        ? Future.failedFuture(
            Failure.retryAfter(FailureCode.STORE_UNAVAILABLE, "Away.", 1_000).asException())
        : Future.succeededFuture(Optional.ofNullable(stored.get(id)));
  }

  private Instant now() {
    return START.plusNanos(nanos.get());
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  private void assertRefused(String credential) {
    assertThatThrownBy(() -> ask(credential))
        .satisfies(
            thrown -> assertThat(failure(thrown).code()).isEqualTo(FailureCode.UNAUTHENTICATED));
  }

  private static void assertUnavailable(Throwable thrown) {
    assertThat(failure(thrown).code()).isEqualTo(FailureCode.STORE_UNAVAILABLE);
  }

  private static Failure failure(Throwable thrown) {
    return ((FailureException) (thrown.getCause() == null ? thrown : thrown.getCause())).failure();
  }

  private static <T> T get(Future<T> future) {
    return future.toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
