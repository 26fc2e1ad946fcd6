package dev.penstock.kit.identity;

import static java.lang.System.Logger.Level.INFO;

import dev.penstock.kit.jwt.Issuer;
import dev.penstock.kit.jwt.JwtClaims;
import dev.penstock.kit.jwt.JwtRefusedException;
import dev.penstock.kit.jwt.JwtVerifier;
import dev.penstock.kit.jwt.KnownTokens;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemException;
import io.vertx.core.AsyncResult;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Lets in only services that bring an identity token made for this one ({@code Authorization:
 * Bearer}), but for probes. 401 without a good token, 403 for a service that is not listed, 503
 * while that cannot be told. Confined to one event loop.
 */
public final class CallerCheck implements Handler<RoutingContext> {
  private static final System.Logger LOG = System.getLogger(CallerCheck.class.getName());
  private static final Set<String> PROBES = Set.of("/health", "/livez", "/readyz");
  private static final String SCHEME = "bearer ";
  private static final int KNOWN_TOKENS = 1_000;
  private static final long RETRY_MS = 2_000;

  private final KnownTokens<Boolean> known;

  /**
   * @param issuer that of the configuration, shared by all event loops
   */
  public CallerCheck(CallersConfig config, Issuer issuer, InstantSource clock) {
    this.known =
        new KnownTokens<>(
            new JwtVerifier(issuer, config.audiences(), clock),
            claims -> isListed(config.callers(), claims),
            KNOWN_TOKENS,
            clock);
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (PROBES.contains(ctx.normalizedPath())) {
      ctx.next();
      return;
    }
    var values = ctx.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    if (values.size() != 1 || !values.getFirst().toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
      refuse(ctx);
      return;
    }
    var listed = known.find(values.getFirst().substring(SCHEME.length()).strip());
    if (listed.isComplete()) {
      settle(ctx, listed);
      return;
    }
    var request = ctx.request().pause();
    listed.onComplete(
        answer -> {
          settle(ctx, answer);
          // Only now is there somebody to take the body.
          request.resume();
        });
  }

  private static void settle(RoutingContext ctx, AsyncResult<Boolean> listed) {
    if (listed.succeeded() && listed.result()) {
      ctx.next();
    } else if (listed.succeeded()) {
      LOG.log(INFO, "a service that is not in PENSTOCK_CALLERS has called");
      fail(ctx, Problem.of(403, "forbidden", "This is not allowed", "This caller is not known."));
    } else if (listed.cause() instanceof JwtRefusedException) {
      refuse(ctx);
    } else {
      fail(ctx, unsure());
    }
  }

  private static void refuse(RoutingContext ctx) {
    ctx.response().putHeader("WWW-Authenticate", "Bearer");
    fail(
        ctx,
        Problem.of(
            401,
            "unauthenticated",
            "Credentials are missing or not valid",
            "Send an identity token made for this service."));
  }

  private static Problem unsure() {
    return new Problem(
        503,
        "store_unavailable",
        "Credentials cannot be checked",
        "The issuer's keys cannot be had right now.",
        RETRY_MS,
        Map.of());
  }

  private static void fail(RoutingContext ctx, Problem problem) {
    ctx.fail(problem.status(), new ProblemException(problem));
  }

  /** An address counts where the issuer has verified it. */
  private static boolean isListed(Set<String> callers, JwtClaims claims) {
    var email = claims.isTrue("email_verified") ? claims.text("email").orElse("") : "";
    return Stream.of(claims.subject(), email).anyMatch(callers::contains);
  }
}
