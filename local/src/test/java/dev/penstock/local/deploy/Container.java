package dev.penstock.local.deploy;

import dev.penstock.gateway.GatewayConfig;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.config.Setting;
import dev.penstock.proxy.ProxyConfig;
import dev.penstock.session.SessionServiceConfig;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * One container that a manifest starts from an image of ours.
 *
 * @param where file and container, for people
 * @param service the image without {@code penstock-}
 * @param environment what image and platform set included; secrets as some value of their form
 */
record Container(
    String where, String service, List<String> arguments, Map<String, String> environment) {
  static final String IMAGE = "penstock-";

  /** What the images set themselves (docs/deploy/images.md). */
  static final Map<String, String> OF_THE_IMAGE =
      Map.of("HOST", "0.0.0.0", "PORT", "8080", "MANAGEMENT_PORT", "9090");

  /** What stands in for the database's address wherever it is a secret. */
  static final String DATABASE = "postgresql://penstock:secret@database:5432/penstock";

  /** Whether it migrates the schema and ends, and so listens nowhere. */
  boolean migrates() {
    return arguments.contains("migrate");
  }

  /** The names its service reads. */
  List<String> settings() {
    Stream<Setting<?>> settings =
        switch (service) {
          case "gateway" -> GatewayConfig.settings().stream();
          case "session-service" -> SessionServiceConfig.settings().stream();
          case "inference-proxy" -> ProxyConfig.SETTINGS.stream();
          default -> throw new IllegalArgumentException(where + ": no service " + service);
        };
    return settings.<String>map(Setting::name).toList();
  }

  /**
   * Reads the environment as the service's own start does.
   *
   * @throws dev.penstock.kit.config.ConfigurationException as the service would say it
   */
  Listen read() {
    var given = new Environment(environment);
    var open = arguments.contains("--allow-unauthenticated");
    return switch (service) {
      case "gateway" -> GatewayConfig.from(given, open).listen();
      case "session-service" -> SessionServiceConfig.from(given, open).listen();
      case "inference-proxy" -> ProxyConfig.from(given, open).listen();
      default -> throw new IllegalArgumentException(where + ": no service " + service);
    };
  }

  @Override
  public String toString() {
    return where;
  }
}
