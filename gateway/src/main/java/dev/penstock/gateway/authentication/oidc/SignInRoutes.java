package dev.penstock.gateway.authentication.oidc;

import static java.lang.System.Logger.Level.DEBUG;
import static java.lang.System.Logger.Level.INFO;

import dev.penstock.kit.jwt.Documents;
import dev.penstock.kit.jwt.Issuer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/**
 * People on their way to the identity provider and back: {@code GET /auth/login?return=…}, {@code
 * GET /auth/callback} and {@code POST /auth/logout}. Open to all; confined to one event loop.
 *
 * <p>What goes wrong on the way leads to {@code /?sign_in=failed}, and is told to the log alone.
 */
public final class SignInRoutes {
  private static final System.Logger LOG = System.getLogger(SignInRoutes.class.getName());
  private static final int CONNECTIONS = 8;
  private static final int WAITING = 64;
  private static final int MAX_CODE = 4096;
  private static final String FAILED = "/?sign_in=failed";

  private final BrowserSessions sessions;
  private final CodeExchange exchange;
  private final String issuer;

  /**
   * @param sessions of the same gateway
   */
  public SignInRoutes(
      Vertx vertx,
      Issuer issuer,
      OidcConfig oidc,
      SignInConfig config,
      BrowserSessions sessions,
      InstantSource clock) {
    this.sessions = sessions;
    this.issuer = oidc.issuer().toString();
    this.exchange =
        new CodeExchange(issuer, oidc, config, new Documents(vertx, CONNECTIONS, WAITING), clock);
  }

  /** Mounts the routes. */
  public void mount(Router router) {
    router.get("/auth/login").handler(this::login);
    router.get("/auth/callback").handler(this::callback);
    router.post("/auth/logout").handler(this::logout);
  }

  private void login(RoutingContext ctx) {
    var departure = Departure.to(ctx.request().getParam("return"));
    exchange
        .address(departure)
        .onSuccess(
            address -> {
              sessions.cookies().leave(ctx, departure);
              redirect(ctx, address);
            })
        .onFailure(cause -> fail(ctx, INFO, cause.getMessage()));
  }

  private void callback(RoutingContext ctx) {
    var departure = sessions.cookies().comeBack(ctx).orElse(null);
    var code = ctx.request().getParam("code");
    var said = ctx.request().getParam("iss");
    if (departure == null || !same(departure.state(), ctx.request().getParam("state"))) {
      fail(ctx, DEBUG, "the way back is not the way there");
    } else if (said != null && !said.equals(issuer)) {
      fail(ctx, DEBUG, "another issuer answered"); // RFC 9207
    } else if (code == null || code.isEmpty() || code.length() > MAX_CODE) {
      fail(ctx, DEBUG, "the issuer gave no code");
    } else {
      exchange
          .person(departure, code)
          .onSuccess(
              person -> {
                sessions.cookies().signIn(ctx, person);
                // The browser comes from another site, so what this leads to is asked for without
                // the strict cookie. It needs none: pages are open, and what a page then asks for
                // comes from our own site, with the cookie.
                redirect(ctx, departure.target());
              })
          .onFailure(cause -> fail(ctx, INFO, cause.getMessage()));
    }
  }

  private void logout(RoutingContext ctx) {
    sessions.requireOwnPage(ctx);
    sessions.cookies().signOut(ctx);
    ctx.response().setStatusCode(204).end();
  }

  private static boolean same(String expected, @Nullable String given) {
    return given != null
        && MessageDigest.isEqual(
            expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
  }

  /** What anybody can cause, as often as they like, is not for an operator's log. */
  private static void fail(RoutingContext ctx, Level level, @Nullable String why) {
    LOG.log(level, "somebody could not sign in: " + why);
    redirect(ctx, FAILED);
  }

  private static void redirect(RoutingContext ctx, String target) {
    if (!ctx.response().ended() && !ctx.response().closed()) {
      ctx.response().setStatusCode(303).putHeader(HttpHeaders.LOCATION, target).end();
    }
  }
}
