package dev.penstock.gateway.caller;

import io.opentelemetry.api.trace.Span;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * On whose behalf a request runs. Two of the same tenant and user are equal, whatever they ask for.
 *
 * @param user the person inside the tenant, who sees only their own sessions; null where the caller
 *     is an application that sees all of its tenant's
 * @param rights what the credential of this request allows
 * @param span what is done for this caller is part of; the invalid one outside every trace
 */
public record Caller(String tenant, @Nullable String user, Rights rights, Span span) {
  /** The one tenant of an installation that checks no credentials itself. */
  public static final Caller SINGLE_TENANT = new Caller("default", null);

  private static final String KEY = Caller.class.getName();

  /** A caller outside every trace who may do everything. */
  public Caller(String tenant, @Nullable String user) {
    this(tenant, user, Rights.ALL, Span.getInvalid());
  }

  /** The same caller, as of now asking for a part of {@code other}. */
  public Caller within(Span other) {
    return span.equals(other) ? this : new Caller(tenant, user, rights, other);
  }

  /** Makes this the caller of {@code ctx}. */
  public void enter(RoutingContext ctx) {
    ctx.put(KEY, this);
  }

  /** The caller of a request, if it has one: open routes do not ask whose it is. */
  public static Optional<Caller> find(RoutingContext ctx) {
    return Optional.ofNullable(ctx.get(KEY));
  }

  /** The caller of a request that passed the edge's credentials check. */
  public static Caller of(RoutingContext ctx) {
    return Objects.requireNonNull(ctx.<Caller>get(KEY), "the route is not behind the edge");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Caller that
        && tenant.equals(that.tenant)
        && Objects.equals(user, that.user);
  }

  @Override
  public int hashCode() {
    return Objects.hash(tenant, user);
  }
}
