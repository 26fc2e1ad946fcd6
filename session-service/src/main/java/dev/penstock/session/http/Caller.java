package dev.penstock.session.http;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * In whose name a foreground route is called.
 *
 * @param person restricts to that person's sessions; null sees all of the tenant's
 */
public record Caller(String tenant, @Nullable String person) {
  private static final int MAX_LENGTH = 128;

  /**
   * Reads {@code Penstock-Tenant} and {@code Penstock-User}.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request} without a
   *     well-formed tenant
   */
  public static Caller of(RoutingContext ctx) {
    var tenant = ctx.request().getHeader("Penstock-Tenant");
    if (tenant == null || tenant.isBlank() || tenant.length() > MAX_LENGTH) {
      throw Failure.of(
              FailureCode.INVALID_REQUEST,
              "Penstock-Tenant must name a tenant of 1 to 128 characters.")
          .asException();
    }
    return new Caller(tenant, ctx.request().getHeader("Penstock-User"));
  }
}
