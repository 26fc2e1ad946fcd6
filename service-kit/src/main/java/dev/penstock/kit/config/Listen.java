package dev.penstock.kit.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a service listens.
 *
 * @param host bind address; loopback unless configured otherwise
 * @param port 0 picks a free one
 * @param managementPort null for none
 */
public record Listen(String host, int port, @Nullable Integer managementPort) {
  private static final Setting<String> HOST =
      Setting.text(
          "HOST",
          null,
          "address to listen on; 127.0.0.1 if unset, every address where K_SERVICE is set");
  private static final Setting<Boolean> METRICS =
      Setting.flag(
          "PENSTOCK_METRICS",
          true,
          "whether requests, streams and tokens are measured; gauges are always there");

  /** The settings this record reads, with what differs between services filled in. */
  public static List<Setting<?>> settings(int defaultPort, Authentication authentication) {
    return List.of(
        HOST, portSetting(defaultPort), managementPortSetting(), METRICS, authentication.setting());
  }

  /**
   * Reads the address.
   *
   * @param allowUnauthenticated the operator typed {@code --allow-unauthenticated}
   * @throws ConfigurationException if it reaches beyond loopback and nobody checks callers
   */
  public static Listen from(
      Environment environment,
      int defaultPort,
      Authentication authentication,
      boolean allowUnauthenticated) {
    var host =
        environment.find(HOST).orElse(environment.has("K_SERVICE") ? "0.0.0.0" : "127.0.0.1");
    var checks = authentication.of(environment);
    if (!isLoopback(host) && checks.isEmpty() && !allowUnauthenticated) {
      throw new ConfigurationException(
          "HOST is "
              + host
              + ", which others can reach, and AUTHENTICATION is not set: set "
              + authentication.advice()
              + ", or start with --allow-unauthenticated");
    }
    var management = environment.get(managementPortSetting());
    return new Listen(
        host, environment.get(portSetting(defaultPort)), management < 0 ? null : management);
  }

  /** Whether anything but gauges is measured. */
  public static boolean measured(Environment environment) {
    return environment.get(METRICS);
  }

  /** Whether only this machine can reach the address. */
  public boolean loopback() {
    return isLoopback(host);
  }

  private static boolean isLoopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      throw new ConfigurationException(
          "HOST must be an address of this machine but is \"" + host + "\"");
    }
  }

  private static Setting<Integer> portSetting(int defaultPort) {
    return Setting.integer("PORT", defaultPort, 0, 65_535, "", "port to listen on; 0 picks one");
  }

  private static Setting<Integer> managementPortSetting() {
    return Setting.integer(
        "MANAGEMENT_PORT", -1, -1, 65_535, "", "port for metrics and probes; -1 for none");
  }
}
