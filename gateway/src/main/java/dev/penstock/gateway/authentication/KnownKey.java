package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.StoredKey;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import io.opentelemetry.api.trace.Span;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key as it was last looked up.
 *
 * @param hash of the whole key
 * @param caller whom it stands for, outside every trace
 * @param until when it ends; null for never
 */
record KnownKey(String hash, Caller caller, @Nullable Instant until, boolean revoked) {
  static KnownKey of(StoredKey key) {
    var rights =
        new Rights(
            key.id(),
            Set.copyOf(key.scopes()),
            key.models() == null ? null : Set.copyOf(key.models()),
            key.limits(),
            key.expiresAt());
    return new KnownKey(
        key.hash(),
        new Caller(key.tenant(), key.user(), rights, Span.getInvalid()),
        key.expiresAt(),
        key.revokedAt() != null);
  }

  boolean inForce(Instant now) {
    return !revoked && (until == null || now.isBefore(until));
  }
}
