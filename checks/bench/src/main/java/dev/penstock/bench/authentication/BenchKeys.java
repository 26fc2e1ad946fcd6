package dev.penstock.bench.authentication;

import dev.penstock.contracts.access.ApiKey;
import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Pepper;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.keys.KeyAdministration;
import java.security.SecureRandom;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Keys of the bench's own pepper, and made-up ones. */
final class BenchKeys {
  /** Of a gateway that lives as long as a run. */
  static final String PEPPER = "a pepper of the bench for as long as it runs";

  private static final Pepper OURS = new Pepper(PEPPER);
  private static final Pepper OTHER = new Pepper("a pepper that no gateway of the bench knows");
  private static final RandomGenerator RANDOM = RandomGenerator.of("L64X128MixRandom");

  private BenchKeys() {}

  /** A new key. */
  static ApiKey make() {
    return OURS.make(new SecureRandom());
  }

  /** Of a key's form in every way, but for its check. Called from one thread at a time. */
  static String madeUp() {
    return OTHER.make(RANDOM).text();
  }

  /** As it is kept. */
  static StoredKey stored(ApiKey key) {
    return new StoredKey(
        key.id(),
        "bench",
        key.id(),
        null,
        Set.of(Scope.CHAT, Scope.SESSIONS),
        null,
        Limits.NONE,
        OURS.hash(key),
        null,
        null);
  }

  /** A new key that is kept in that database. */
  static ApiKey keep(String database) {
    var key = make();
    try (var keys = KeyAdministration.open(DatabaseUrl.parse(database))) {
      keys.add(stored(key));
    }
    return key;
  }
}
