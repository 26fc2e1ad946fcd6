package dev.penstock.local.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.kit.config.ConfigurationException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalDatabaseIT {
  @TempDir Path home;

  @Test
  void keepsDataBetweenRunsAndNeverGamblesWithIt() throws Exception {
    try (var folder = DataFolder.take(home, "process 1")) {
      try (var database = LocalDatabase.start(folder);
          var connection = connect(database)) {
        execute(connection, "CREATE TABLE kept (word text)");
        execute(connection, "INSERT INTO kept VALUES ('still here')");

        assertThat(show(connection, "fsync")).isEqualTo("on");
        assertThat(show(connection, "synchronous_commit")).isEqualTo("on");
        assertThat(show(connection, "full_page_writes")).isEqualTo("on");
        assertThat(show(connection, "password_encryption")).isEqualTo("scram-sha-256");
      }
      try (var database = LocalDatabase.start(folder);
          var connection = connect(database)) {
        assertThat(query(connection, "SELECT word FROM kept")).isEqualTo("still here");
      }
    }
  }

  @Test
  void letsNobodyInWithoutThePassword() throws Exception {
    try (var folder = DataFolder.take(home, "process 1");
        var database = LocalDatabase.start(folder)) {
      var address = "jdbc:postgresql://127.0.0.1:" + database.port() + "/penstock";

      assertThatThrownBy(() -> DriverManager.getConnection(address, "postgres", "guess"))
          .isInstanceOf(SQLException.class);
    }
  }

  @Test
  void stopsTheServerThatAKilledRunLeftBehind() throws Exception {
    try (var folder = DataFolder.take(home, "process 1")) {
      var abandoned = LocalDatabase.start(folder);
      var postmaster =
          ProcessHandle.of(
                  Long.parseLong(
                      Files.readAllLines(home.resolve("postgresql/postmaster.pid")).getFirst()))
              .orElseThrow();
      // The library's own lock dies with its process, which this test cannot do.
      Files.delete(home.resolve("postgresql/epg-lock"));

      try (var database = LocalDatabase.start(folder);
          var connection = connect(database)) {
        postmaster.onExit().get(5, TimeUnit.SECONDS);
        assertThat(query(connection, "SELECT 'up'")).isEqualTo("up");
        assertThat(database.port()).isNotEqualTo(abandoned.port());
      }
    }
  }

  @Test
  void tellsASecondStartWhoHoldsTheData() throws IOException {
    try (var _ = DataFolder.take(home, "process 4711 at http://localhost:8080")) {
      assertThatThrownBy(() -> DataFolder.take(home, "process 2"))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("process 4711 at http://localhost:8080");
    }
    DataFolder.take(home, "process 2").close();
  }

  @Test
  void refusesDataOfAnotherMajorVersionInOneLine() throws Exception {
    Files.createDirectories(home.resolve("postgresql"));
    Files.writeString(home.resolve("postgresql/PG_VERSION"), "15\n");

    try (var folder = DataFolder.take(home, "process 1")) {
      assertThatThrownBy(() -> LocalDatabase.start(folder))
          .isInstanceOf(ConfigurationException.class)
          .hasMessageContaining("PostgreSQL 15")
          .hasMessageContaining("--data");
    }
  }

  private static Connection connect(LocalDatabase database) throws SQLException {
    var password = database.url().replaceFirst("postgresql://postgres:", "").split("@")[0];
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + database.port() + "/penstock", "postgres", password);
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String query(Connection connection, String sql) throws SQLException {
    try (var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }

  private static String show(Connection connection, String setting) throws SQLException {
    return query(connection, "SHOW " + setting);
  }
}
