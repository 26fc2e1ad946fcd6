package dev.penstock.gateway.caller;

import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request runs.
 *
 * @param user the person inside the tenant, who sees only their own sessions; null where the caller
 *     is an application that sees all of its tenant's
 */
public record Caller(String tenant, @Nullable String user) {
  /** The one tenant of an installation that checks no credentials itself. */
  public static final Caller SINGLE_TENANT = new Caller("default", null);

  private static final String KEY = Caller.class.getName();

  /** Makes this the caller of {@code ctx}. */
  public void enter(RoutingContext ctx) {
    ctx.put(KEY, this);
  }

  /** The caller of a request that passed the edge's credentials check. */
  public static Caller of(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Caller>get(KEY), "the route is not behind the edge");
  }
}
