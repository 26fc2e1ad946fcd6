package dev.penstock.session.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import org.junit.jupiter.api.Test;

/** The schema from an empty database, as an ordinary user. */
class SchemaMigrationIT {
  @Test
  void migratesOnceAndThenFindsNothingToDo() {
    var database = TestDatabase.createEmpty("postgres");

    assertThat(SchemaMigration.run(database.url())).isPositive();
    assertThat(SchemaMigration.run(database.url())).isZero();
  }

  /** A user without any right beyond its database; the roles are there and granted to it. */
  @Test
  void anOrdinaryUserMigratesAndServes() {
    var database = TestDatabase.createEmpty("ordinary");

    SchemaMigration.run(database.url());
    try (var service = SessionServiceDriver.start(database)) {
      var session = service.createSession();
      var turn = service.ask(session.id(), "As anybody");
      service.flush(Answers.deltas(turn.id(), 1, 1, "Fine."));
      service.finish(turn.id(), Answers.completed(1, 2, "Fine."));

      assertThat(service.output(turn.id()).text()).isEqualTo("Fine.");
      assertThat(service.poll(turn.id(), 1, 0).rows()).hasSize(2);
    }
  }

  /**
   * On a server of its own, where the roles are not there yet: as on managed servers its user may
   * create roles and is no superuser.
   */
  @Test
  void aUserWhoMayCreateRolesMigratesAndServes() throws Exception {
    try (var server = EmbeddedPostgres.start();
        var connection = server.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE ROLE managed LOGIN CREATEROLE");
      statement.execute("CREATE DATABASE managed OWNER managed");
      var url = "postgresql://managed:any@127.0.0.1:" + server.getPort() + "/managed";

      SchemaMigration.run(url);
      try (var service = SessionServiceDriver.start(new TestDatabase(url))) {
        var turn = service.ask(service.createSession().id(), "As anybody");
        service.finish(turn.id(), Answers.completed(1, 1, "Fine."));

        assertThat(service.output(turn.id()).text()).isEqualTo("Fine.");
      }
    }
  }

  @Test
  void aDatabaseWithoutTheSchemaStopsTheStartAndSaysWhatToDo() {
    var database = TestDatabase.createEmpty("postgres");

    assertThatThrownBy(() -> SessionServiceDriver.start(database))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("run session-service migrate");
  }

  /** Ids are UUID v7 by the database's clock, on every PostgreSQL from 15 on. */
  @Test
  void idsCarryTheirTime() {
    var database = TestDatabase.create();

    assertThat(
            database.column(
                """
                SELECT id >= uuid7_floor(clock_timestamp() - interval '1 second')
                  AND id < uuid7_floor(clock_timestamp() + interval '1 second')
                  AND substring(id::text FROM 15 FOR 1) = '7'
                  AND substring(id::text FROM 20 FOR 1) IN ('8', '9', 'a', 'b')
                FROM (SELECT uuid7_now() AS id FROM generate_series(1, 100)) AS ids
                """))
        .hasSize(100)
        .containsOnly("t");
  }
}
