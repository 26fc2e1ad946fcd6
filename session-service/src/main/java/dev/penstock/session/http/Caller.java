package dev.penstock.session.http;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import io.vertx.ext.web.RoutingContext;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * In whose name a foreground route is called.
 *
 * @param person restricts to that person's sessions; null sees all of the tenant's
 */
public record Caller(String tenant, @Nullable String person) {
  private static final int MAX_LENGTH = 128;

  /**
   * Reads {@code Penstock-Tenant} and {@code Penstock-User}, the latter percent-encoded where it is
   * not visible ASCII.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request} without a
   *     well-formed tenant, or with a person that cannot be decoded
   */
  public static Caller of(RoutingContext ctx) {
    var tenant = ctx.request().getHeader("Penstock-Tenant");
    if (tenant == null || tenant.isBlank() || tenant.length() > MAX_LENGTH) {
      throw Failure.of(
              FailureCode.INVALID_REQUEST,
              "Penstock-Tenant must name a tenant of 1 to 128 characters.")
          .asException();
    }
    var person = ctx.request().getHeader("Penstock-User");
    return new Caller(tenant, person == null ? null : decoded(person));
  }

  private static String decoded(String person) {
    try {
      // Of forms, where a plus is a blank; here it is a plus.
      return URLDecoder.decode(person.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw Failure.of(FailureCode.INVALID_REQUEST, "Penstock-User must be percent-encoded.")
          .asException();
    }
  }
}
