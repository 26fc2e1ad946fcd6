package dev.penstock.gateway.turns;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * Bounds and times of stored turns.
 *
 * @param maxTurns turns one instance runs at a time; the next is refused with {@code no_capacity}
 * @param flushEvery how often new deltas are stored (turns.md T-10)
 * @param pollEvery how often the log is read for followed turns (T-29)
 * @param renewEvery how often the lease is renewed (T-20)
 * @param keepAlive silence after which a reader gets a keep-alive (SSE-27)
 * @param stall how long a reader may take nothing before its connection is reset (SSE-40)
 * @param maxAge how long a connection lasts before its reader is asked to come back, give or take 5
 *     % (SSE-31)
 * @param uncommitted how long readers wait for a finish that cannot commit (T-14)
 * @param hold how long the status line waits for the proxy's first word
 * @param busyFor how long an accept is repeated while the turn it interrupts still runs (T-35)
 */
public record TurnsConfig(
    int maxTurns,
    Duration flushEvery,
    Duration pollEvery,
    Duration renewEvery,
    Duration keepAlive,
    Duration stall,
    Duration maxAge,
    Duration uncommitted,
    Duration hold,
    Duration busyFor) {

  /** What the specification asks for. */
  public static final TurnsConfig STANDARD =
      new TurnsConfig(
          10_000,
          Duration.ofMillis(250),
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5),
          Duration.ofSeconds(30),
          Duration.ofSeconds(3300),
          Duration.ofSeconds(30),
          Duration.ofMillis(250),
          Duration.ofSeconds(3));

  private static final Setting<Integer> MAX_TURNS =
      Setting.integer(
          "PENSTOCK_MAX_TURNS",
          STANDARD.maxTurns,
          1,
          1_000_000,
          "turns",
          "stored turns one gateway runs at a time; the next is refused with 503");
  private static final Setting<Duration> FLUSH =
      millis(
          "PENSTOCK_FLUSH_MS",
          STANDARD.flushEvery,
          1_000,
          "time between two writes of the token log");
  private static final Setting<Duration> POLL =
      millis(
          "PENSTOCK_POLL_MS", STANDARD.pollEvery, 1_000, "time between two reads of the token log");
  private static final Setting<Duration> KEEP_ALIVE =
      millis(
          "PENSTOCK_KEEP_ALIVE_MS",
          STANDARD.keepAlive,
          60_000,
          "silence after which the reader of a turn gets a keep-alive");
  private static final Setting<Duration> STALL =
      millis(
          "PENSTOCK_READER_STALL_MS",
          STANDARD.stall,
          600_000,
          "how long the reader of a turn may take nothing before it is cut off");
  private static final Setting<Duration> MAX_AGE =
      millis(
          "PENSTOCK_READER_MAX_AGE_MS",
          STANDARD.maxAge,
          86_400_000,
          "how long a connection lasts before its reader is asked to come back; below the"
              + " platform's request limit");

  /** The settings this record reads; what is missing here the specification fixes. */
  public static List<Setting<?>> settings() {
    return List.of(MAX_TURNS, FLUSH, POLL, KEEP_ALIVE, STALL, MAX_AGE);
  }

  /**
   * Reads the settings.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming the one that is wrong
   */
  public static TurnsConfig from(Environment environment) {
    return new TurnsConfig(
        environment.get(MAX_TURNS),
        environment.get(FLUSH),
        environment.get(POLL),
        STANDARD.renewEvery,
        environment.get(KEEP_ALIVE),
        environment.get(STALL),
        environment.get(MAX_AGE),
        STANDARD.uncommitted,
        STANDARD.hold,
        STANDARD.busyFor);
  }

  private static Setting<Duration> millis(
      String name, Duration standard, long most, String meaning) {
    return Setting.millis(name, standard.toMillis(), 1, most, meaning);
  }
}
