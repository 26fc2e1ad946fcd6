package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.Peppers;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the secret that keys are kept under comes from: the environment, or a secret's file. */
public final class PepperSettings {
  static final Setting<Peppers> PEPPER =
      new Setting<>(
          "PENSTOCK_KEY_PEPPER",
          null,
          "",
          "secret of at least 32 bytes under which keys are made and checked; of several, separated"
              + " by commas, the first makes and all check",
          true,
          Peppers::parse);
  static final Setting<Path> FILE =
      new Setting<>(
          "PENSTOCK_KEY_PEPPER_FILE",
          null,
          "",
          "file with the same, one secret a line, in its stead",
          false,
          Path::of);

  private PepperSettings() {}

  /**
   * The peppers, if there are any.
   *
   * @throws ConfigurationException naming what is wrong, never a secret
   */
  public static Optional<Peppers> find(Environment environment) {
    var given = environment.find(PEPPER);
    var file = environment.find(FILE);
    if (given.isPresent() && file.isPresent()) {
      throw new ConfigurationException(
          "set one of " + PEPPER.name() + " and " + FILE.name() + ", not both");
    }
    return given.or(() -> file.map(PepperSettings::read));
  }

  static Peppers require(Environment environment) {
    return find(environment)
        .orElseThrow(
            () ->
                new ConfigurationException(
                    "AUTHENTICATION has keys, so "
                        + PEPPER.name()
                        + " or "
                        + FILE.name()
                        + " must be set: "
                        + PEPPER.meaning()));
  }

  private static Peppers read(Path file) {
    try {
      return Peppers.parse(Files.readString(file));
    } catch (IOException e) {
      throw new ConfigurationException(FILE.name() + " cannot be read: " + file);
    } catch (IllegalArgumentException e) {
      throw new ConfigurationException(FILE.name() + " must hold " + e.getMessage());
    }
  }
}
