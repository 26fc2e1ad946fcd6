package dev.penstock.local.keys;

import dev.penstock.contracts.access.Peppers;
import dev.penstock.gateway.authentication.PepperSettings;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.local.database.DataFolder;
import dev.penstock.local.database.LocalDatabase;
import dev.penstock.session.SessionServiceConfig;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.keys.KeyAdministration;
import dev.penstock.session.schema.SchemaMigration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which database a command is about, and the pepper its keys are kept under. */
final class KeyDatabase {
  private static final String DATABASE_URL = "DATABASE_URL";

  private final Environment environment;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "where the local database lives (default: .penstock); not with DATABASE_URL")
  private @Nullable Path data;

  @Option(names = "--help", usageHelp = true, description = "this text")
  @SuppressWarnings("UnusedVariable") // picocli looks at it
  private boolean help;

  KeyDatabase(Environment environment) {
    this.environment = environment;
  }

  /** Does {@code work} on the database, which is started for the moment if it does not run. */
  void use(Consumer<KeyAdministration> work) {
    var url = environment.find(SessionServiceConfig.DATABASE_URL);
    if (url.isPresent() && data != null) {
      throw new ConfigurationException(
          DATABASE_URL + " is set and names the database; leave out --data");
    }
    if (url.isPresent()) {
      with(url.get(), work);
      return;
    }
    try {
      var running = LocalDatabase.running(folder());
      if (running.isPresent()) {
        with(DatabaseUrl.parse(running.get()), work);
      } else {
        start(work);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Consumer<KeyAdministration> work) throws IOException {
    var holder = "process " + ProcessHandle.current().pid() + ", which is ./penstock keys";
    try (var taken = DataFolder.take(folder(), holder);
        var database = LocalDatabase.start(taken)) {
      SchemaMigration.run(database.url());
      with(DatabaseUrl.parse(database.url()), work);
    } catch (SQLException e) {
      throw new ConfigurationException("the local database does not start: " + e.getMessage());
    }
  }

  /** Those of the settings, else those of the local installation. */
  Peppers peppers() {
    return PepperSettings.find(environment)
        .orElseGet(
            () -> {
              if (environment.has(DATABASE_URL)) {
                throw new ConfigurationException(
                    "PENSTOCK_KEY_PEPPER or PENSTOCK_KEY_PEPPER_FILE must be set, to what the"
                        + " gateways have");
              }
              return LocalPepper.of(folder());
            });
  }

  private Path folder() {
    return (data == null ? Path.of(".penstock") : data).toAbsolutePath();
  }

  private static void with(DatabaseUrl url, Consumer<KeyAdministration> work) {
    try (var keys = KeyAdministration.open(url)) {
      work.accept(keys);
    }
  }
}
