package dev.penstock.gateway.limits;

import dev.penstock.contracts.access.Limits;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.ConfigurationFile;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.config.StrictMapping;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Limits of tenants, and the bounds of what is kept to hold all limits. Those of keys come with the
 * keys.
 *
 * @param tenants of those that have limits, by name
 * @param callers keys, people and tenants with limits that one gateway follows at a time
 * @param useFlush time between two reports of use by key
 */
public record LimitsConfig(Map<String, Limits> tenants, int callers, Duration useFlush) {
  /** No tenant has limits. */
  public static final LimitsConfig STANDARD =
      new LimitsConfig(Map.of(), 10_000, Duration.ofSeconds(5));

  private static final String SECTION = "tenants";
  private static final int MOST = 1_000_000_000;

  private static final Setting<Integer> CALLERS =
      Setting.integer(
          "PENSTOCK_LIMITED_CALLERS",
          STANDARD.callers,
          1,
          1_000_000,
          "callers",
          "keys, people and tenants with limits that one gateway follows at a time, and rows of"
              + " their use it keeps; those at rest do not count");
  private static final Setting<Duration> USE_FLUSH =
      Setting.millis(
          "PENSTOCK_USE_FLUSH_MS",
          STANDARD.useFlush.toMillis(),
          100,
          600_000,
          "time between two reports of use by key; what was not reported is lost in a crash");

  public LimitsConfig {
    tenants = Map.copyOf(tenants);
  }

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(CALLERS, USE_FLUSH);
  }

  /**
   * Reads the settings and the section {@code tenants}.
   *
   * @param file null where none is configured
   * @throws ConfigurationException naming the setting or member that is wrong
   */
  public static LimitsConfig from(Environment environment, @Nullable ConfigurationFile file) {
    return new LimitsConfig(
        file == null ? Map.of() : file.mappings(SECTION, LimitsConfig::limits),
        environment.get(CALLERS),
        environment.get(USE_FLUSH));
  }

  private static Limits limits(StrictMapping in) {
    return new Limits(
        in.integer("rpm", 1, MOST),
        in.integer("tpm", 1, MOST),
        in.integer("streams", 1, MOST),
        in.integer("output_tokens", 1, MOST),
        in.integer("body_bytes", 1, MOST));
  }
}
