package dev.penstock.session;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.drain.ServiceProcess;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.schema.SchemaMigration;
import java.util.List;

/**
 * Runs session-service as a process; with the argument {@code migrate} it brings the schema up to
 * date and ends.
 */
public final class Main {
  private Main() {}

  /** Reads the environment; everything else gets values. */
  public static void main(String[] arguments) {
    var given = List.of(arguments);
    try {
      var environment = new Environment(System.getenv());
      var open = given.contains("--allow-unauthenticated");
      if (given.contains("migrate")) {
        migrate(SessionServiceConfig.database(environment));
      } else {
        ServiceProcess.run(metrics -> SessionService.from(environment, metrics, open));
      }
    } catch (RuntimeException e) {
      ServiceProcess.exitWith(e);
    }
  }

  private static void migrate(DatabaseUrl database) {
    var applied = SchemaMigration.run(database);
    System.out.println(
        applied == 0 ? "the schema is up to date" : "applied " + applied + " migrations");
  }
}
