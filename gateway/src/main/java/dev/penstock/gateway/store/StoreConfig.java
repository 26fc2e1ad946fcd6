package dev.penstock.gateway.store;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * How session-service is reached, per event loop.
 *
 * @param addresses equal instances over one database
 * @param foregroundConnections connections per address for sessions and turns
 * @param logConnections connections per address for flushes, polls and finishes
 * @param waitQueue calls per pool and address that may wait for a connection before the next fails
 * @param connectTimeout to connect, waiting for a free connection included
 * @param callTimeout silence after which a call is given up
 * @param leaseTimeout the same for lease renewals, which are useless when late
 */
public record StoreConfig(
    List<URI> addresses,
    int foregroundConnections,
    int logConnections,
    int waitQueue,
    Duration connectTimeout,
    Duration callTimeout,
    Duration leaseTimeout) {

  private static final Setting<List<URI>> ADDRESSES =
      Setting.addresses(
          "SESSION_SERVICE_URL",
          "http://127.0.0.1:8081",
          "session-services over one database, separated by commas");
  private static final Setting<Integer> FOREGROUND =
      Setting.integer(
          "PENSTOCK_STORE_CONNECTIONS",
          32,
          1,
          4096,
          "connections",
          "per event loop and session-service, for sessions and turns");
  private static final Setting<Integer> LOG =
      Setting.integer(
          "PENSTOCK_STORE_LOG_CONNECTIONS",
          16,
          1,
          4096,
          "connections",
          "per event loop and session-service, for the token log and the ends of turns");
  private static final Setting<Integer> WAITING =
      Setting.integer(
          "PENSTOCK_STORE_WAITING",
          1024,
          0,
          65_535,
          "calls",
          "calls per event loop and session-service that may wait for a connection, before 503");
  private static final Setting<Duration> CONNECT =
      Setting.millis(
          "PENSTOCK_STORE_CONNECT_TIMEOUT_MS",
          1_000,
          10,
          60_000,
          "longest wait for a connection to session-service");
  private static final Setting<Duration> CALL =
      Setting.millis(
          "PENSTOCK_STORE_TIMEOUT_MS",
          5_000,
          10,
          600_000,
          "silence of session-service after which a call is given up, with 503");
  private static final Setting<Duration> LEASE =
      Setting.millis(
          "PENSTOCK_LEASE_TIMEOUT_MS", 2_000, 10, 60_000, "the same for the renewal of the lease");

  public StoreConfig {
    addresses = List.copyOf(addresses);
  }

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(ADDRESSES, FOREGROUND, LOG, WAITING, CONNECT, CALL, LEASE);
  }

  /** Reads the settings. */
  public static StoreConfig from(Environment environment) {
    return new StoreConfig(
        environment.get(ADDRESSES),
        environment.get(FOREGROUND),
        environment.get(LOG),
        environment.get(WAITING),
        environment.get(CONNECT),
        environment.get(CALL),
        environment.get(LEASE));
  }
}
