package dev.penstock.gateway.authentication.oidc;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.gateway.authentication.CookieCheck;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * Requests of people who signed in to the page: a browser adds its cookie to every one, so only
 * those of our own pages count. Safe from any thread.
 */
public final class BrowserSessions implements CookieCheck {
  private static final Set<HttpMethod> READING =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Set<String> NOT_ANOTHER_SITES = Set.of("same-origin", "none");

  private final Cookies cookies;
  private final String origin;

  /** For a gateway where people sign in. */
  public BrowserSessions(SignInConfig config, InstantSource clock) {
    this.cookies = new Cookies(config, clock);
    this.origin = config.publicUrl().toString();
  }

  @Override
  public Optional<Person> person(RoutingContext ctx) {
    return cookies
        .session(ctx)
        .filter(_ -> isReadable(ctx))
        .map(
            person -> {
              requireOwnPage(ctx);
              return new Person(person.caller(), person.name());
            });
  }

  /** The cookies themselves. */
  Cookies cookies() {
    return cookies;
  }

  /**
   * Refuses what would change something and does not come from a page of ours: {@code
   * Sec-Fetch-Site} says so, or {@code Origin} where a browser does not send that.
   */
  void requireOwnPage(RoutingContext ctx) {
    var request = ctx.request();
    if (READING.contains(request.method())) {
      return;
    }
    var site = request.getHeader("Sec-Fetch-Site");
    var own =
        site != null ? site.equals("same-origin") : origin.equals(request.getHeader("Origin"));
    if (!own) {
      throw Failure.of(FailureCode.FORBIDDEN, "Requests from other origins are not allowed.")
          .asException();
    }
  }

  /** A neighbouring host name is the same site, so even a strict cookie comes with its requests. */
  private static boolean isReadable(RoutingContext ctx) {
    var site = ctx.request().getHeader("Sec-Fetch-Site");
    return site == null
        || NOT_ANOTHER_SITES.contains(site)
        || !READING.contains(ctx.request().method());
  }
}
