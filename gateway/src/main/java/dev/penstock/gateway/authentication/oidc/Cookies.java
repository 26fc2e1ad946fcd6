package dev.penstock.gateway.authentication.oidc;

import io.vertx.core.http.Cookie;
import io.vertx.core.http.CookieSameSite;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;

/**
 * The two cookies of people who sign in: one for the way to the identity provider and back, one for
 * those who came back. Both sealed, neither to be read by a page. Safe from any thread.
 */
final class Cookies {
  /** The way to the identity provider takes at most this long. */
  private static final Duration WAY = Duration.ofMinutes(10);

  private static final String SESSION = "session";
  private static final String ON_THE_WAY = "sign-in";

  private final Seal seal;
  private final SignInConfig config;
  private final InstantSource clock;

  Cookies(SignInConfig config, InstantSource clock) {
    this.seal = new Seal(config.cookieSecrets(), clock);
    this.config = config;
    this.clock = clock;
  }

  /** Who has signed in; empty for nobody. */
  Optional<SignedIn> session(RoutingContext ctx) {
    return read(ctx, SESSION).flatMap(SignedIn::of);
  }

  /** Makes somebody signed in. */
  void signIn(RoutingContext ctx, SignedIn person) {
    // Strict: a request that another site causes, by a link or a form, is nobody's.
    var cookie = cookie(SESSION, person.toJson(), config.lifetime());
    ctx.response().addCookie(cookie.setSameSite(CookieSameSite.STRICT));
  }

  /** Makes nobody signed in. */
  void signOut(RoutingContext ctx) {
    forget(ctx, SESSION, CookieSameSite.STRICT);
  }

  /** Notes what the identity provider is to answer to. */
  void leave(RoutingContext ctx, Departure departure) {
    // Lax: it is the identity provider, another site, that sends the browser back.
    var cookie = cookie(ON_THE_WAY, departure.toJson(), WAY);
    ctx.response().addCookie(cookie.setSameSite(CookieSameSite.LAX));
  }

  /** What the identity provider is to answer to, once. */
  Optional<Departure> comeBack(RoutingContext ctx) {
    var departure = read(ctx, ON_THE_WAY).flatMap(Departure::of);
    forget(ctx, ON_THE_WAY, CookieSameSite.LAX);
    return departure;
  }

  private Optional<JsonObject> read(RoutingContext ctx, String purpose) {
    return Optional.ofNullable(ctx.request().getCookie(name(purpose)))
        .flatMap(cookie -> seal.open(purpose, cookie.getValue()));
  }

  private Cookie cookie(String purpose, JsonObject content, Duration life) {
    var end = clock.instant().plus(life).getEpochSecond();
    return bare(purpose, seal.seal(purpose, content, end)).setMaxAge(life.toSeconds());
  }

  private void forget(RoutingContext ctx, String purpose, CookieSameSite sameSite) {
    ctx.response().addCookie(bare(purpose, "").setMaxAge(0).setSameSite(sameSite));
  }

  private Cookie bare(String purpose, String value) {
    return Cookie.cookie(name(purpose), value)
        .setPath("/")
        .setHttpOnly(true)
        .setSecure(config.secure());
  }

  /** With the prefix, no page of a neighbouring host name can set it, nor one without https. */
  private String name(String purpose) {
    return (config.secure() ? "__Host-" : "") + "penstock-" + purpose;
  }
}
