package dev.penstock.gateway.inference;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How a gateway reaches its proxies.
 *
 * @param proxies one address per pool, at least one
 * @param connections open connections per event loop and proxy; each carries one generation at a
 *     time
 * @param waiting generations per event loop and proxy that may wait for a connection
 * @param connectTimeout until a generation has its connection, waiting for one included
 * @param silence how long a proxy may send nothing, not even a keep-alive, before its connection
 *     counts as lost
 * @param modelRefresh between two looks at the proxies' models
 */
public record InferenceConfig(
    List<URI> proxies,
    int connections,
    int waiting,
    Duration connectTimeout,
    Duration silence,
    Duration modelRefresh) {

  private static final Setting<List<URI>> PROXIES =
      Setting.addresses(
          "INFERENCE_PROXY_URL", "http://127.0.0.1:8082", "inference proxies, one per pool");
  private static final Setting<Integer> CONNECTIONS =
      Setting.integer(
          "PENSTOCK_PROXY_CONNECTIONS",
          2048,
          1,
          65_535,
          "connections",
          "open connections per event loop and proxy; each carries one generation at a time");
  private static final Setting<Integer> WAITING =
      Setting.integer(
          "PENSTOCK_PROXY_WAITING",
          256,
          0,
          65_535,
          "generations",
          "generations per event loop and proxy that may wait for a connection");
  private static final Setting<Duration> CONNECT_TIMEOUT =
      Setting.millis(
          "PENSTOCK_PROXY_CONNECT_TIMEOUT_MS",
          2_000,
          10,
          60_000,
          "longest wait for a connection to a proxy");
  private static final Setting<Duration> SILENCE =
      Setting.millis(
          "PENSTOCK_PROXY_SILENCE_MS",
          15_000,
          100,
          600_000,
          "a proxy that sends nothing for so long, keep-alives included, counts as lost");
  private static final Setting<Duration> MODEL_REFRESH =
      Setting.millis(
          "PENSTOCK_MODEL_REFRESH_MS",
          5_000,
          50,
          600_000,
          "time between two looks at the proxies' models");

  public InferenceConfig {
    proxies = List.copyOf(proxies);
  }

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(PROXIES, CONNECTIONS, WAITING, CONNECT_TIMEOUT, SILENCE, MODEL_REFRESH);
  }

  /** Reads the settings. */
  public static InferenceConfig from(Environment environment) {
    return new InferenceConfig(
        environment.get(PROXIES),
        environment.get(CONNECTIONS),
        environment.get(WAITING),
        environment.get(CONNECT_TIMEOUT),
        environment.get(SILENCE),
        environment.get(MODEL_REFRESH));
  }
}
