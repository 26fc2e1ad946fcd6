package dev.penstock.session;

import dev.penstock.session.schema.SchemaMigration;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** An empty, migrated database of its own for each test class, all in one embedded PostgreSQL. */
public record TestDatabase(String url) {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final EmbeddedPostgres POSTGRES = start();

  private static EmbeddedPostgres start() {
    try {
      var postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", "300").start();
      try (var connection = postgres.getPostgresDatabase().getConnection();
          var statement = connection.createStatement()) {
        statement.execute("CREATE DATABASE migrated");
      }
      SchemaMigration.run(url(postgres, "migrated"));
      return postgres;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A fresh one. */
  public static TestDatabase create() {
    var name = "test_" + COUNT.incrementAndGet();
    var database = new TestDatabase(url(POSTGRES, name));
    try (var connection = POSTGRES.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("CREATE DATABASE " + name + " TEMPLATE migrated");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return database;
  }

  /**
   * One without schema.
   *
   * @param owner {@code postgres}, or a user that is made, with no right but to this database and
   *     to the roles of the schema
   */
  public static TestDatabase createEmpty(String owner) {
    var name = "test_" + COUNT.incrementAndGet();
    try (var connection = POSTGRES.getPostgresDatabase().getConnection();
        var statement = connection.createStatement()) {
      if (!owner.equals("postgres")) {
        statement.execute("CREATE ROLE " + owner + " LOGIN");
        statement.execute("GRANT penstock_foreground, penstock_log TO " + owner);
      }
      statement.execute("CREATE DATABASE " + name + " OWNER " + owner);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return new TestDatabase(url(POSTGRES, name).replace("//postgres:", "//" + owner + ":"));
  }

  private static String url(EmbeddedPostgres postgres, String name) {
    return "postgresql://postgres:postgres@127.0.0.1:" + postgres.getPort() + "/" + name;
  }

  /** A connection of the superuser, who sees every row. */
  public Connection connect() throws SQLException {
    var at = url.indexOf('@');
    return DriverManager.getConnection(
        "jdbc:postgresql://"
            + url.substring(at + 1)
            + (url.contains("?") ? "&" : "?")
            + "currentSchema=penstock",
        "postgres",
        "postgres");
  }

  /** Runs statements as the superuser. */
  public void run(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The first column of a query's rows, as texts. */
  public List<String> column(String sql) {
    try (var connection = connect();
        var statement = connection.createStatement();
        var rows = statement.executeQuery(sql)) {
      var values = new ArrayList<String>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
