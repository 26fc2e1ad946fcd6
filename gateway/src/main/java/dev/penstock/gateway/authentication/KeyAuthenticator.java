package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Pepper;
import dev.penstock.contracts.access.Peppers;
import dev.penstock.gateway.caller.Caller;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Knows API keys. A made-up key fails its check, which needs the pepper alone, so that no number of
 * wrong keys reaches the store. Confined to one event loop.
 */
public final class KeyAuthenticator implements Authenticator {
  private final Peppers peppers;
  private final KnownKeys known;
  private final KeySource source;
  private final Context loop;
  private final InstantSource clock;

  /**
   * Knows the keys of a source.
   *
   * @param known shared by all loops of the process
   * @param loop on which it is called
   */
  public KeyAuthenticator(
      Peppers peppers, KnownKeys known, KeySource source, Context loop, InstantSource clock) {
    this.peppers = peppers;
    this.known = known;
    this.source = source;
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public boolean recognizes(String credential) {
    return credential.startsWith(ApiKey.PREFIX);
  }

  @Override
  public Future<Caller> authenticate(String credential) {
    return ApiKey.parse(credential)
        .flatMap(key -> peppers.of(key).map(pepper -> authenticate(key, pepper)))
        .orElseGet(Unauthenticated::asFuture);
  }

  private Future<Caller> authenticate(ApiKey key, Pepper pepper) {
    return known.find(key.id(), source, loop).compose(found -> caller(key, pepper, found));
  }

  private Future<Caller> caller(ApiKey key, Pepper pepper, Optional<KnownKey> found) {
    return found
        .filter(stored -> pepper.matches(key, stored.hash()))
        .filter(stored -> stored.inForce(clock.instant()))
        .map(stored -> Future.succeededFuture(stored.caller()))
        .orElseGet(Unauthenticated::asFuture);
  }
}
