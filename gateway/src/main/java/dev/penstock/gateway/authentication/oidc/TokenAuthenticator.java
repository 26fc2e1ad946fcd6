package dev.penstock.gateway.authentication.oidc;

import static java.lang.System.Logger.Level.DEBUG;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.gateway.authentication.Authenticator;
import dev.penstock.gateway.authentication.Unauthenticated;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.kit.jwt.JwtRefusedException;
import dev.penstock.kit.jwt.JwtVerifier;
import dev.penstock.kit.jwt.KnownTokens;
import io.vertx.core.Future;
import java.time.InstantSource;

/** Bearer tokens of the identity provider. Confined to one event loop. */
public final class TokenAuthenticator implements Authenticator {
  private static final System.Logger LOG = System.getLogger(TokenAuthenticator.class.getName());
  private static final long RETRY_MS = 2_000;

  private final KnownTokens<Caller> known;

  /**
   * @param verifier shared by all event loops
   */
  public TokenAuthenticator(JwtVerifier verifier, OidcConfig config, InstantSource clock) {
    this.known = new KnownTokens<>(verifier, config.claims()::caller, config.cachedTokens(), clock);
  }

  @Override
  public boolean recognizes(String credential) {
    return JwtVerifier.recognizes(credential);
  }

  @Override
  public Future<Caller> authenticate(String credential) {
    return known.find(credential).recover(TokenAuthenticator::refused);
  }

  /** The same for whatever is wrong with a token, so that nobody learns how to mend it. */
  private static Future<Caller> refused(Throwable cause) {
    if (cause instanceof JwtRefusedException) {
      LOG.log(DEBUG, () -> "token refused: " + cause.getMessage());
      return Future.failedFuture(Unauthenticated.FAILURE.asException());
    }
    return Future.failedFuture(
        Failure.retryAfter(
                FailureCode.STORE_UNAVAILABLE,
                "Whether the token is valid cannot be told right now. Try again in a moment.",
                RETRY_MS)
            .asException());
  }
}
