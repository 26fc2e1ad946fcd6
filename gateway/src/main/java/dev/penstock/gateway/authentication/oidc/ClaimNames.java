package dev.penstock.gateway.authentication.oidc;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.gateway.caller.Caller;
import dev.penstock.gateway.caller.Rights;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.jwt.JwtClaims;
import dev.penstock.kit.jwt.JwtRefusedException;
import io.opentelemetry.api.trace.Span;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which claims say whose a token is.
 *
 * @param tenant of every token where {@code tenantClaim} is null
 * @param scopesClaim null for tokens that all have {@code chat} and {@code sessions}
 */
public record ClaimNames(
    String tenant, @Nullable String tenantClaim, @Nullable String scopesClaim) {
  private static final Setting<String> TENANT =
      new Setting<>(
          "PENSTOCK_OIDC_TENANT",
          "default",
          "",
          "tenant of every token, where no claim says it",
          false,
          ClaimNames::tenant);
  private static final Setting<String> TENANT_CLAIM =
      Setting.text(
          "PENSTOCK_OIDC_TENANT_CLAIM",
          null,
          "claim that says the tenant (`hd`, for example); a token without it is refused then");
  private static final Setting<String> SCOPES_CLAIM =
      Setting.text(
          "PENSTOCK_OIDC_SCOPES_CLAIM",
          null,
          "claim whose words, or list of words, are scopes: `chat`, `sessions`, `admin`; others are"
              + " not looked at. `chat` and `sessions` for every token if unset");

  private static final Set<Scope> USUAL = Set.of(Scope.CHAT, Scope.SESSIONS);

  // What goes into a header and a row as it is, and cannot be mistaken for another one.
  private static final Pattern NAME = Pattern.compile("[!-~&&[^%]]{1,128}");

  static List<Setting<?>> settings() {
    return List.of(TENANT, TENANT_CLAIM, SCOPES_CLAIM);
  }

  static ClaimNames from(Environment environment) {
    var claim = environment.find(TENANT_CLAIM).orElse(null);
    if (claim != null && environment.has(TENANT.name())) {
      throw new ConfigurationException(
          "PENSTOCK_OIDC_TENANT and PENSTOCK_OIDC_TENANT_CLAIM say the same: set one of them");
    }
    return new ClaimNames(
        environment.get(TENANT), claim, environment.find(SCOPES_CLAIM).orElse(null));
  }

  /**
   * The caller whose token says that, outside every trace.
   *
   * @throws JwtRefusedException if it does not say whose it is
   */
  Caller caller(JwtClaims claims) {
    return new Caller(
        tenantClaim == null ? tenant : named(claims.text(tenantClaim).orElse("")),
        named(claims.subject()),
        new Rights(null, scopes(claims), null, Limits.NONE, claims.end()),
        Span.getInvalid());
  }

  private Set<Scope> scopes(JwtClaims claims) {
    if (scopesClaim == null) {
      return USUAL;
    }
    var words = claims.words(scopesClaim);
    var scopes = EnumSet.noneOf(Scope.class);
    for (var scope : Scope.values()) {
      if (words.contains(scope.name().toLowerCase(Locale.ROOT))) {
        scopes.add(scope);
      }
    }
    return scopes;
  }

  private static String named(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new JwtRefusedException("no tenant, or a name that cannot be kept");
    }
    return text;
  }

  private static String tenant(String text) {
    if (!NAME.matcher(text).matches()) {
      throw new IllegalArgumentException("1 to 128 visible ASCII characters without %");
    }
    return text;
  }
}
