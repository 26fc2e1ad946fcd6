package dev.penstock.session.keys;

import dev.penstock.contracts.access.Limits;
import dev.penstock.contracts.access.Scope;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.schema.SchemaMigration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes, lists and revokes keys in the database, for an operator's command: whoever may change the
 * database may do this, and nobody else. One connection; every call blocks.
 */
public final class KeyAdministration implements AutoCloseable {
  private static final String UNIQUE_VIOLATION = "23505";

  private static final String INSERT =
      """
      INSERT INTO api_key (id, tenant_id, name, person, scopes, models, limits, hash, expires_at)
      VALUES (?, ?, ?, ?, ?, ?, ?::jsonb, ?, ?)
      """;

  private static final String LIST =
      """
      SELECT id, tenant_id, name, person, scopes, models, limits::text, hash, expires_at,
        revoked_at, created_at, last_used_at
      FROM api_key WHERE ?::text IS NULL OR tenant_id = ?
      ORDER BY tenant_id, created_at, id
      """;

  private static final String REVOKE =
      "UPDATE api_key SET revoked_at = coalesce(revoked_at, clock_timestamp()) WHERE id = ?";

  private final Connection connection;

  private KeyAdministration(Connection connection) {
    this.connection = connection;
  }

  /**
   * Connects as the service itself does.
   *
   * @throws ConfigurationException if the database cannot be reached, or has not the schema
   */
  public static KeyAdministration open(DatabaseUrl url) {
    try {
      var connection = DriverManager.getConnection(url.jdbc(), url.user(), url.password());
      try (var statement = connection.createStatement()) {
        statement.execute("SET search_path = " + SchemaMigration.SCHEMA);
        statement.execute("SET ROLE penstock_log");
        statement.execute("SELECT FROM api_key LIMIT 0");
      } catch (SQLException e) {
        connection.close();
        throw e;
      }
      return new KeyAdministration(connection);
    } catch (SQLException e) {
      throw new ConfigurationException(
          "the database " + url + " cannot be used: " + e.getMessage());
    }
  }

  /**
   * Keeps a new key; it is in force at once.
   *
   * @throws ConfigurationException if its tenant has a key of that name in force
   */
  public void add(StoredKey key) {
    try (var insert = connection.prepareStatement(INSERT)) {
      insert.setString(1, key.id());
      insert.setString(2, key.tenant());
      insert.setString(3, key.name());
      insert.setString(4, key.user());
      insert.setArray(5, array(key.scopes().stream().map(KeyAdministration::word).toList()));
      insert.setArray(6, key.models() == null ? null : array(key.models()));
      insert.setString(7, Wire.text(key.limits()));
      insert.setString(8, key.hash());
      insert.setObject(
          9, key.expiresAt() == null ? null : key.expiresAt().atOffset(ZoneOffset.UTC));
      insert.executeUpdate();
    } catch (SQLException e) {
      throw UNIQUE_VIOLATION.equals(e.getSQLState())
          ? new ConfigurationException(
              "tenant "
                  + key.tenant()
                  + " has a key named "
                  + key.name()
                  + "; revoke it, or choose another name")
          : failed(e);
    }
  }

  /**
   * Keys in the order they were made, revoked and expired ones too.
   *
   * @param tenant null for every tenant
   */
  public List<KeptKey> list(@Nullable String tenant) {
    try (var select = connection.prepareStatement(LIST)) {
      select.setString(1, tenant);
      select.setString(2, tenant);
      try (var rows = select.executeQuery()) {
        var keys = new ArrayList<KeptKey>();
        while (rows.next()) {
          keys.add(read(rows));
        }
        return keys;
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Takes a key out of force; gateways that know it notice within 30 s.
   *
   * @return false if there is no key of that id
   */
  public boolean revoke(String id) {
    try (var update = connection.prepareStatement(REVOKE)) {
      update.setString(1, id);
      return update.executeUpdate() == 1;
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  private java.sql.Array array(List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  private static KeptKey read(ResultSet row) throws SQLException {
    var models = row.getArray("models");
    return new KeptKey(
        new StoredKey(
            row.getString("id"),
            row.getString("tenant_id"),
            row.getString("name"),
            row.getString("person"),
            scopes(row),
            models == null ? null : Arrays.asList((String[]) models.getArray()),
            Wire.decode(row.getString("limits"), Limits.class),
            row.getString("hash"),
            instant(row, "expires_at"),
            instant(row, "revoked_at")),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        instant(row, "last_used_at"));
  }

  private static Set<Scope> scopes(ResultSet row) throws SQLException {
    var scopes = EnumSet.noneOf(Scope.class);
    for (var word : (String[]) row.getArray("scopes").getArray()) {
      scopes.add(Scope.valueOf(word.toUpperCase(Locale.ROOT)));
    }
    return scopes;
  }

  private static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
    var time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  private static String word(Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  private static ConfigurationException failed(SQLException e) {
    return new ConfigurationException("the database does not do it: " + e.getMessage());
  }
}
