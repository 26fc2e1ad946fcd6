package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.Peppers;
import dev.penstock.contracts.access.StoredKey;
import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who checks the callers, and how this gateway knows keys if it does.
 *
 * @param checks empty where nobody does
 * @param peppers null where keys are not known
 * @param listed keys of the configuration file by their ids; they win over those in the database
 * @param mostKeys keys that are remembered
 * @param mostLookups look-ups of keys at the same time
 */
public record AuthenticationConfig(
    Set<Authentication.Check> checks,
    @Nullable Peppers peppers,
    Map<String, StoredKey> listed,
    int mostKeys,
    int mostLookups) {
  private static final Setting<Integer> CACHE =
      Setting.integer(
          "PENSTOCK_KEY_CACHE_SIZE",
          10_000,
          1,
          1_000_000,
          "keys",
          "keys one gateway remembers, for at most 30 s");
  private static final Setting<Integer> LOOKUPS =
      Setting.integer(
          "PENSTOCK_KEY_LOOKUPS",
          64,
          1,
          10_000,
          "look-ups",
          "keys one gateway asks session-service for at the same time, before 503");

  /** Everything this record reads. */
  public static List<Setting<?>> settings() {
    return List.of(PepperSettings.PEPPER, PepperSettings.FILE, CACHE, LOOKUPS);
  }

  /**
   * Reads the settings.
   *
   * @param file the configuration file; null for none
   * @throws ConfigurationException naming what is wrong or missing
   */
  public static AuthenticationConfig from(Environment environment, @Nullable Path file) {
    var checks = Authentication.OF_EDGE.of(environment);
    var peppers =
        checks.contains(Authentication.Check.KEYS) ? PepperSettings.require(environment) : null;
    return new AuthenticationConfig(
        checks,
        peppers,
        file == null ? Map.of() : KeyFile.read(file),
        environment.get(CACHE),
        environment.get(LOOKUPS));
  }

  /** Those keys first, then the others'. */
  public KeySource over(KeySource others) {
    return id -> {
      var key = listed.get(id);
      return key == null ? others.find(id) : Future.succeededFuture(Optional.of(key));
    };
  }

  /** Whether nobody checks callers. */
  public boolean open() {
    return checks.isEmpty();
  }

  /** Whether a platform does, before a request comes here. */
  public boolean byPlatform() {
    return checks.contains(Authentication.Check.PLATFORM);
  }
}
