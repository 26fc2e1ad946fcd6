package dev.penstock.gateway.authentication;

import dev.penstock.gateway.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/** Tells whose a request is that brings a cookie and no other credential. */
@FunctionalInterface
public interface CookieCheck {
  /** Where nobody signs in with a browser. */
  CookieCheck NONE = _ -> Optional.empty();

  /**
   * Somebody who signed in with a browser.
   *
   * @param caller outside every trace
   * @param name what the page calls them
   */
  record Person(Caller caller, String name) {
    /** Never who. */
    @Override
    public String toString() {
      return "Person";
    }
  }

  /**
   * Who has signed in; empty where the request brings no cookie that is good.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code forbidden} if it would change
   *     something and does not come from a page of ours
   */
  Optional<Person> person(RoutingContext ctx);
}
