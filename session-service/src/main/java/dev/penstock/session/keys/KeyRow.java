package dev.penstock.session.keys;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.session.database.Columns;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A row of {@code api_key} as the gateways' record. */
final class KeyRow {
  /** The columns, in the order {@link #read} takes them. */
  static final String COLUMNS =
      """
      id, tenant_id, name, person, scopes, models, limits::text, hash,
        expires_at, revoked_at
      """;

  private KeyRow() {}

  static StoredKey read(Columns in) {
    return new StoredKey(
        in.text(),
        in.text(),
        in.text(),
        in.textOrNull(),
        scopes(in.texts()),
        models(in),
        in.json(Limits.class),
        in.text(),
        in.instantOrNull(),
        in.instantOrNull());
  }

  private static @Nullable List<String> models(Columns in) {
    if (in.isNull()) {
      in.skip(1);
      return null;
    }
    return in.texts();
  }

  private static Set<Scope> scopes(List<String> words) {
    var scopes = EnumSet.noneOf(Scope.class);
    words.forEach(word -> scopes.add(Columns.constant(Scope.class, word)));
    return scopes;
  }
}
