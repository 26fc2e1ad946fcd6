package dev.penstock.gateway.caller;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a caller's credential lets it do.
 *
 * @param key id of the key whose use is counted; null for what is no key
 * @param models names it may ask for; null for every model
 * @param until when the credential ends, as its issuer says; null for never
 */
public record Rights(
    @Nullable String key,
    Set<Scope> scopes,
    @Nullable Set<String> models,
    Limits limits,
    @Nullable Instant until) {
  /** Where nobody asks for credentials. */
  public static final Rights ALL =
      new Rights(null, Set.of(Scope.values()), null, Limits.NONE, null);

  /** Whether routes of that group are open. */
  public boolean include(Scope scope) {
    return scopes.contains(scope);
  }

  /**
   * Goes on only if routes of that group are open.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code forbidden}
   */
  public void require(Scope scope) {
    if (!include(scope)) {
      throw Failure.of(
              FailureCode.FORBIDDEN,
              "The credential lacks the scope " + scope.name().toLowerCase(Locale.ROOT) + ".")
          .asException();
    }
  }

  /** Whether that model may be asked, by the name the caller uses. */
  public boolean cover(String model) {
    return models == null || models.contains(model);
  }
}
