package dev.penstock.local.keys;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code keys revoke}. */
@Command(name = "revoke", description = "Take a key out of force, everywhere within 30 s.")
final class RevokeKey implements Runnable {
  @Mixin private final KeyDatabase database;

  @Parameters(paramLabel = "ID", description = "as keys list shows it")
  private String id = "";

  RevokeKey(Environment environment) {
    this.database = new KeyDatabase(environment);
  }

  @Override
  public void run() {
    database.use(
        keys -> {
          if (!keys.revoke(id)) {
            throw new ConfigurationException(
                "there is no key " + id + "; see ./penstock keys list");
          }
          System.out.println("Key " + id + " is revoked; no gateway takes it after 30 s.");
        });
  }
}
