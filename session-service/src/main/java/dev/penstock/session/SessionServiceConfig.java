package dev.penstock.session;

import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.identity.CallersConfig;
import dev.penstock.session.database.DatabaseUrl;
import dev.penstock.session.database.PoolBounds;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one session-service process.
 *
 * @param callers who may call, where this service checks that itself; null where it does not
 * @param foreground pool of the routes that a person waits for
 * @param log pool of flushes and polls
 * @param leases pool of renewals, reaper and partition keeper
 * @param edges event loops that take requests
 * @param maxBodyBytes of any request; a flush carries the new text of all turns of a gateway
 * @param sessionTtl after which a conversation nobody went on with is removed; null for never
 */
public record SessionServiceConfig(
    Listen listen,
    @Nullable CallersConfig callers,
    DatabaseUrl database,
    PoolBounds foreground,
    PoolBounds log,
    PoolBounds leases,
    int edges,
    int maxBodyBytes,
    @Nullable Duration sessionTtl) {

  /** The port unless {@code PORT} says otherwise. */
  public static final int DEFAULT_PORT = 8081;

  private static final Pattern TTL = Pattern.compile("([1-9][0-9]{0,5})([dh])");
  private static final Duration LONGEST_TTL = Duration.ofDays(3_650);

  /** Where the database is. */
  public static final Setting<DatabaseUrl> DATABASE_URL =
      new Setting<>(
          "DATABASE_URL",
          null,
          "",
          "the database, postgresql://user:password@host:port/name; ?sslmode=require, or verify-full"
              + " with &sslrootcert=FILE, encrypts",
          true,
          DatabaseUrl::parse);

  private static final Setting<Integer> FOREGROUND_POOL =
      Setting.integer(
          "PENSTOCK_FOREGROUND_POOL_SIZE",
          8,
          1,
          200,
          "connections",
          "database connections for accept, finish and everything a person waits for");
  private static final Setting<Integer> LOG_POOL =
      Setting.integer(
          "PENSTOCK_LOG_POOL_SIZE",
          4,
          1,
          200,
          "connections",
          "database connections for flushes and polls of the token log");
  private static final Setting<Integer> LEASE_POOL =
      Setting.integer(
          "PENSTOCK_LEASE_POOL_SIZE",
          3,
          2,
          50,
          "connections",
          "database connections for leases, the reaper and the keeper of log partitions");
  private static final Setting<Integer> POOL_QUEUE =
      Setting.integer(
          "PENSTOCK_POOL_QUEUE",
          64,
          0,
          10_000,
          "requests",
          "requests that may wait for a connection of each pool before the next is refused");
  private static final Setting<Duration> POOL_WAIT =
      Setting.millis(
          "PENSTOCK_POOL_WAIT_MS",
          2_000,
          10,
          60_000,
          "how long a request waits for a database connection");
  private static final Setting<Duration> FOREGROUND_STATEMENT =
      Setting.millis(
          "PENSTOCK_FOREGROUND_STATEMENT_MS",
          5_000,
          100,
          60_000,
          "after which the database ends a statement of the foreground pool");
  private static final Setting<Duration> LOG_STATEMENT =
      Setting.millis(
          "PENSTOCK_LOG_STATEMENT_MS",
          2_000,
          100,
          60_000,
          "after which the database ends a statement of the log and lease pools");
  private static final Setting<Integer> EDGES =
      Setting.integer(
          "PENSTOCK_SESSION_EDGES",
          0,
          0,
          64,
          "",
          "event loops that take requests; 0 is one per CPU");
  private static final Setting<Integer> MAX_BODY =
      Setting.integer(
          "PENSTOCK_SESSION_MAX_BODY_BYTES",
          16 << 20,
          1 << 20,
          1 << 28,
          "bytes",
          "longest body session-service takes");
  private static final Setting<Duration> SESSION_TTL =
      new Setting<>(
          "PENSTOCK_SESSION_TTL",
          null,
          "days or hours",
          "after which a conversation nobody went on with is deleted, such as 30d or 12h; unset"
              + " keeps all",
          false,
          SessionServiceConfig::ttl);

  /** Everything this record reads. */
  public static List<Setting<?>> settings() {
    return Stream.concat(
            Stream.of(
                    Listen.settings(DEFAULT_PORT, Authentication.OF_SERVICE),
                    CallersConfig.settings())
                .flatMap(List::stream),
            Stream.of(
                DATABASE_URL,
                FOREGROUND_POOL,
                LOG_POOL,
                LEASE_POOL,
                POOL_QUEUE,
                POOL_WAIT,
                FOREGROUND_STATEMENT,
                LOG_STATEMENT,
                EDGES,
                MAX_BODY,
                SESSION_TTL))
        .toList();
  }

  /**
   * Reads where the database is, which is all that a migration needs.
   *
   * @throws dev.penstock.kit.config.ConfigurationException if that is missing or wrong
   */
  static DatabaseUrl database(Environment environment) {
    environment.rejectUnknown();
    return environment.get(DATABASE_URL);
  }

  /**
   * Reads the settings.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming what is wrong
   */
  public static SessionServiceConfig from(Environment environment, boolean allowUnauthenticated) {
    environment.rejectUnknown();
    var queue = environment.get(POOL_QUEUE);
    var wait = environment.get(POOL_WAIT);
    var edges = environment.get(EDGES);
    return new SessionServiceConfig(
        Listen.from(environment, DEFAULT_PORT, Authentication.OF_SERVICE, allowUnauthenticated),
        CallersConfig.find(environment).orElse(null),
        environment.get(DATABASE_URL),
        new PoolBounds(
            environment.get(FOREGROUND_POOL), queue, wait, environment.get(FOREGROUND_STATEMENT)),
        new PoolBounds(environment.get(LOG_POOL), queue, wait, environment.get(LOG_STATEMENT)),
        new PoolBounds(environment.get(LEASE_POOL), queue, wait, environment.get(LOG_STATEMENT)),
        edges == 0 ? Runtime.getRuntime().availableProcessors() : edges,
        environment.get(MAX_BODY),
        environment.find(SESSION_TTL).orElse(null));
  }

  private static Duration ttl(String text) {
    var parts = TTL.matcher(text);
    if (parts.matches()) {
      var number = Long.parseLong(parts.group(1));
      var ttl = parts.group(2).equals("d") ? Duration.ofDays(number) : Duration.ofHours(number);
      if (ttl.compareTo(LONGEST_TTL) <= 0) {
        return ttl;
      }
    }
    throw new IllegalArgumentException("days or hours such as 30d or 12h, at most ten years");
  }
}
