package dev.penstock.gateway.authentication;

import dev.penstock.gateway.caller.Caller;
import io.vertx.core.Future;

/** Tells whose a credential is. Called on an event loop, answers there and never blocks it. */
public interface Authenticator {
  /** Whether the credential has the form of those this one knows; says nothing of its worth. */
  boolean recognizes(String credential);

  /**
   * The caller whose credential that is, outside every trace.
   *
   * @return fails with {@code unauthenticated} whatever is wrong with it, and with {@code
   *     store_unavailable} if that cannot be told now
   */
  Future<Caller> authenticate(String credential);
}
