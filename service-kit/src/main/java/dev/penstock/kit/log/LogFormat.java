package dev.penstock.kit.log;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Lines of JSON for whoever gathers logs, or lines of text for whoever reads them. */
public enum LogFormat {
  /** JSON where a platform that reads it runs the process, else text. */
  AUTO,
  JSON,
  TEXT;

  private static final Setting<LogFormat> FORMAT =
      new Setting<>(
          "PENSTOCK_LOG_FORMAT",
          "auto",
          "",
          "`json`, one object per line; `text`; or `auto`: JSON on Cloud Run and Kubernetes, else"
              + " text, also where standard error is a file",
          false,
          text ->
              find(text)
                  .orElseThrow(() -> new IllegalArgumentException("one of auto, json, text")));
  private static final Setting<String> LEVEL =
      new Setting<>(
          "LOG_LEVEL",
          "INFO",
          "",
          "least severe lines that are logged, to standard error: `ERROR`, `WARN`, `INFO` or"
              + " `DEBUG`",
          false,
          LogFormat::level);
  private static final Setting<String> PROJECT =
      Setting.text(
          "GOOGLE_CLOUD_PROJECT",
          null,
          "project in whose traces the lines of JSON are to be found; the bare trace id if unset");

  /** What the process's logging reads. */
  public static List<Setting<?>> settings() {
    return List.of(FORMAT, LEVEL, PROJECT);
  }

  /**
   * Refuses what logging, which begins before any setting is read, could only pass over.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming the setting
   */
  public static void check(Environment environment) {
    environment.get(FORMAT);
    environment.get(LEVEL);
  }

  static Optional<LogFormat> find(String word) {
    return Stream.of(values())
        .filter(each -> each.name().equals(word.strip().toUpperCase(Locale.ROOT)))
        .findFirst();
  }

  private static String level(String text) {
    var word = text.toUpperCase(Locale.ROOT);
    if (List.of("ERROR", "WARN", "INFO", "DEBUG", "TRACE", "OFF").contains(word)) {
      return word;
    }
    throw new IllegalArgumentException("one of ERROR, WARN, INFO, DEBUG");
  }
}
