package dev.penstock.session.schema;

import dev.penstock.session.database.DatabaseUrl;
import org.flywaydb.core.Flyway;

/**
 * Brings the schema {@code penstock} to this version. Run as a job before a roll-out, and at every
 * start in local mode; two at once wait for each other. Migrations only add, because the version
 * before still runs.
 */
public final class SchemaMigration {
  /** The schema everything is in. */
  public static final String SCHEMA = "penstock";

  private SchemaMigration() {}

  /**
   * Migrates over JDBC; blocks until done. The URL's user must be allowed to create the schema, and
   * the roles or be a member of them.
   *
   * @param databaseUrl {@code postgresql://user:password@host:port/name}
   * @return migrations applied, 0 if there was nothing to do
   * @throws org.flywaydb.core.api.FlywayException if it cannot be brought up to date
   */
  public static int run(String databaseUrl) {
    return run(DatabaseUrl.parse(databaseUrl));
  }

  /** As {@link #run(String)}. */
  public static int run(DatabaseUrl database) {
    return Flyway.configure(SchemaMigration.class.getClassLoader())
        .dataSource(database.jdbc(), database.user(), database.password())
        .schemas(SCHEMA)
        .locations("classpath:dev/penstock/session/schema/migration")
        .load()
        .migrate()
        .migrationsExecuted;
  }
}
