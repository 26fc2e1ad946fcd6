package dev.penstock.gateway.turns;

import dev.penstock.gateway.caller.Caller;
import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a stream's caller is to show a credential again (reliability.md section 5.3).
 *
 * @param until when the present one ends; null for never
 */
public record CredentialEnd(@Nullable Instant until) {
  private static final Duration NEVER = Duration.ofDays(30);

  /** That of the caller of {@code ctx}. */
  public static CredentialEnd of(RoutingContext ctx) {
    return new CredentialEnd(Caller.of(ctx).rights().until());
  }

  /** From now until the stream is to end, in ticks of its loop; at least 1. */
  public int ticks() {
    return Math.max(1, TurnLoop.ticks(left(Instant.now())));
  }

  /** Nobody is refused for clocks that differ, so nobody is sent away for it. */
  private Duration left(Instant now) {
    if (until == null || until.isAfter(now.plus(NEVER))) {
      return NEVER;
    }
    return Duration.between(now, until.plus(JwtVerifier.LEEWAY));
  }
}
