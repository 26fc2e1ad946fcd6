package dev.penstock.gateway.authentication;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** What a request that was turned away had shown; dialects that tell them apart word it so. */
public enum Unauthenticated {
  /** Nothing at all. */
  NOTHING,
  /** What looks like a key, or what only a key may be. */
  KEY,
  /** Something else. */
  TOKEN;

  /** Says the same whatever was wrong, so that it helps nobody to guess. */
  public static final Failure FAILURE =
      Failure.of(FailureCode.UNAUTHENTICATED, "Send a valid key or token with the request.");

  private static final String KEY_OF_CONTEXT = Unauthenticated.class.getName();

  /** What the request had shown; empty for one that was not turned away. */
  public static Optional<Unauthenticated> of(RoutingContext ctx) {
    return Optional.ofNullable(ctx.get(KEY_OF_CONTEXT));
  }

  /** Notes it for whoever words the refusal. */
  void note(RoutingContext ctx) {
    ctx.put(KEY_OF_CONTEXT, this);
  }

  /** The one failure. */
  static FailureException asException() {
    return FAILURE.asException();
  }

  static <T> Future<T> asFuture() {
    return Future.failedFuture(asException());
  }
}
