package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Pepper;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A key for a test, with what is stored of it. */
public record MadeKey(ApiKey key, StoredKey stored) {
  public static final String SECRET = "a pepper that is long enough for a test";

  /** Settings of a gateway that knows it. */
  public static final Map<String, String> SETTINGS =
      Map.of("AUTHENTICATION", "keys", "PENSTOCK_KEY_PEPPER", SECRET);

  private static final Pepper PEPPER = new Pepper(SECRET);

  /** A key that opens everything. */
  public static MadeKey of(String tenant) {
    var key = PEPPER.make(new SecureRandom());
    return new MadeKey(
        key,
        new StoredKey(
            key.id(),
            tenant,
            "test",
            null,
            Set.of(Scope.values()),
            null,
            Limits.NONE,
            PEPPER.hash(key),
            null,
            null));
  }

  public String text() {
    return key.text();
  }

  /** The header as name and value. */
  public String[] bearer() {
    return new String[] {"Authorization", "Bearer " + text()};
  }

  public MadeKey scoped(Scope... scopes) {
    return with(stored.user(), Set.of(scopes), stored.models(), null, null);
  }

  public MadeKey forModels(String... models) {
    return with(stored.user(), stored.scopes(), List.of(models), null, null);
  }

  public MadeKey forPerson(String person) {
    return with(person, stored.scopes(), stored.models(), null, null);
  }

  public MadeKey revoked() {
    return with(stored.user(), stored.scopes(), stored.models(), null, Instant.now());
  }

  public MadeKey expiring(Instant at) {
    return with(stored.user(), stored.scopes(), stored.models(), at, null);
  }

  private MadeKey with(
      @Nullable String person,
      Set<Scope> scopes,
      @Nullable List<String> models,
      @Nullable Instant expires,
      @Nullable Instant revoked) {
    return new MadeKey(
        key,
        new StoredKey(
            stored.id(),
            stored.tenant(),
            stored.name(),
            person,
            scopes,
            models,
            stored.limits(),
            stored.hash(),
            expires,
            revoked));
  }
}
