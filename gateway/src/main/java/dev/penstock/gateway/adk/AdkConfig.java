package dev.penstock.gateway.adk;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Settings of this dialect.
 *
 * @param defaultApp the app of requests that name none; null refuses them
 * @param autoCreateSession whether a run creates the session that is missing
 * @param grace how long a run goes on once its client has left
 */
public record AdkConfig(@Nullable String defaultApp, boolean autoCreateSession, Duration grace) {
  private static final Setting<String> DEFAULT_APP =
      new Setting<>(
          "ADK_DEFAULT_APP_NAME",
          null,
          "",
          "app of ADK requests that name none; they fail if unset",
          false,
          AdkConfig::name);
  private static final Setting<Boolean> AUTO_CREATE =
      Setting.flag(
          "PENSTOCK_ADK_AUTO_CREATE_SESSION",
          false,
          "whether ADK's `/run` and `/run_sse` create a session that is missing");
  private static final Setting<Duration> GRACE =
      Setting.millis(
          "PENSTOCK_ADK_DISCONNECT_GRACE_MS",
          5_000,
          0,
          600_000,
          "how long an ADK run goes on once its client has left");

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(DEFAULT_APP, AUTO_CREATE, GRACE);
  }

  /** Reads the settings. */
  public static AdkConfig from(Environment environment) {
    return new AdkConfig(
        environment.find(DEFAULT_APP).orElse(null),
        environment.get(AUTO_CREATE),
        environment.get(GRACE));
  }

  private static String name(String text) {
    if (!text.matches("[\\w.-]+")) {
      throw new IllegalArgumentException("a name of letters, digits, `_`, `.` and `-`");
    }
    return text;
  }
}
