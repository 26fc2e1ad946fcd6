package dev.penstock.bench.authentication;

import dev.penstock.contracts.access.Peppers;
import dev.penstock.gateway.authentication.CookieCheck;
import dev.penstock.gateway.authentication.CredentialCheck;
import dev.penstock.gateway.authentication.KeyAuthenticator;
import dev.penstock.gateway.authentication.KnownKeys;
import dev.penstock.gateway.authentication.oidc.TokenAuthenticator;
import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * All that the gateway's check does with a request, from its path to its caller or its refusal. The
 * thread that measures stands for the event loop; what is looked up is looked up before.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CheckBenchmark {
  private final Vertx vertx;
  private final LoopbackIssuer issuer;
  private final CredentialCheck check;
  private final Asked withKey;
  private final Asked withToken;
  private final Asked withMadeUpKey;
  private final Asked withNothing = Asked.without();

  /** Looks up what there is, and sees that each request is answered as it should be. */
  public CheckBenchmark() {
    vertx = Vertx.vertx();
    issuer = LoopbackIssuer.listen();
    var key = BenchKeys.make();
    var stored = Optional.of(BenchKeys.stored(key));
    var clock = InstantSource.system();
    var keys =
        new KeyAuthenticator(
            Peppers.parse(BenchKeys.PEPPER),
            new KnownKeys(10_000, 64),
            id -> Future.succeededFuture(stored.filter(each -> each.id().equals(id))),
            vertx.getOrCreateContext(),
            clock);
    var oidc = issuer.config();
    var verifier =
        new JwtVerifier(new Issuer(vertx, oidc.issuer(), oidc.keys()), oidc.audiences(), clock);
    var tokens = new TokenAuthenticator(verifier, oidc, clock);
    check = new CredentialCheck(List.of(keys, tokens), CookieCheck.NONE);
    withKey = Asked.with(key.text());
    withToken = Asked.with(issuer.token());
    withMadeUpKey = Asked.with(BenchKeys.madeUp());
    tokens
        .authenticate(issuer.token())
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(20, TimeUnit.SECONDS)
        .join();
    expect(true, withKey.enters(check));
    expect(true, withToken.enters(check));
    expect(false, withMadeUpKey.enters(check));
    expect(false, withNothing.enters(check));
  }

  private static void expect(boolean expected, boolean entered) {
    if (entered != expected) {
      throw new IllegalStateException("a credential was not taken for what it is");
    }
  }

  /** Parsed, checked, found, hashed and compared. */
  @Benchmark
  public boolean goodKey() {
    return withKey.enters(check);
  }

  /** Hashed and found. */
  @Benchmark
  public boolean goodToken() {
    return withToken.enters(check);
  }

  /** Parsed and refused by its check. */
  @Benchmark
  public boolean madeUpKey() {
    return withMadeUpKey.enters(check);
  }

  /** Refused. */
  @Benchmark
  public boolean noCredential() {
    return withNothing.enters(check);
  }

  /** Stops what answers the issuer's keys. */
  @TearDown
  public void stop() {
    issuer.close();
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }
}
