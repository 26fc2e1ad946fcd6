package dev.penstock.gateway;

import dev.penstock.gateway.authentication.Authenticator;
import dev.penstock.gateway.authentication.CookieCheck;
import dev.penstock.gateway.authentication.CredentialCheck;
import dev.penstock.gateway.authentication.KeyAuthenticator;
import dev.penstock.gateway.authentication.StatusRoute;
import dev.penstock.gateway.authentication.oidc.BrowserSessions;
import dev.penstock.gateway.authentication.oidc.SignInRoutes;
import dev.penstock.gateway.authentication.oidc.TokenAuthenticator;
import dev.penstock.gateway.edge.Edge;
import dev.penstock.gateway.store.SessionStore;
import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** By what one gets into one event loop of the gateway, and where people sign in. */
final class Entrance {
  private final Vertx vertx;
  private final GatewayConfig config;
  private final ProcessParts process;
  private final InstantSource clock = InstantSource.system();
  private final @Nullable BrowserSessions browsers;
  private final @Nullable CredentialCheck check;

  Entrance(Vertx vertx, GatewayConfig config, ProcessParts process, SessionStore store) {
    this.vertx = vertx;
    this.config = config;
    this.process = process;
    var oidc = config.oidc();
    browsers =
        oidc == null || oidc.signIn() == null ? null : new BrowserSessions(oidc.signIn(), clock);
    var authentication = config.authentication();
    check =
        authentication.open() || authentication.byPlatform()
            ? null
            : new CredentialCheck(
                authenticators(store), browsers == null ? CookieCheck.NONE : browsers);
  }

  private List<Authenticator> authenticators(SessionStore store) {
    var authenticators = new ArrayList<Authenticator>();
    var authentication = config.authentication();
    var peppers = authentication.peppers();
    if (peppers != null) {
      authenticators.add(
          new KeyAuthenticator(
              peppers,
              process.keys(),
              authentication.over(store::key),
              vertx.getOrCreateContext(),
              clock));
    }
    var oidc = config.oidc();
    var issuer = process.issuer();
    if (oidc != null && issuer != null) {
      authenticators.add(
          new TokenAuthenticator(new JwtVerifier(issuer, oidc.audiences(), clock), oidc, clock));
    }
    return authenticators;
  }

  /** What says whose a request is, or turns it away. */
  Handler<RoutingContext> handler() {
    return check == null ? Edge::enter : check;
  }

  /** Mounts {@code /auth/…}. */
  void mount(Router router) {
    if (check == null) {
      StatusRoute.open().mount(router);
      return;
    }
    var oidc = config.oidc();
    var issuer = process.issuer();
    var signIn = oidc == null ? null : oidc.signIn();
    new StatusRoute(
            new StatusRoute.Ways(
                true,
                config.authentication().peppers() != null,
                signIn == null ? null : signIn.provider()),
            check::person)
        .mount(router);
    if (oidc != null && issuer != null && signIn != null && browsers != null) {
      new SignInRoutes(vertx, issuer, oidc, signIn, browsers, clock).mount(router);
    }
  }
}
