package dev.penstock.gateway.answer;

import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import java.time.Duration;
import java.util.List;

/**
 * Bounds of stateless answers, the same in every dialect.
 *
 * @param maxBodyBytes longest request body
 * @param keepAlive after so long without output a stream gets a keep-alive, and its headers if they
 *     were still held back
 * @param stall how long a client may take nothing before its answer is cut off
 * @param streamDeadline for a streamed answer, its time in the queue included
 * @param wholeDeadline for an answer in one piece; clients give up at 300 s
 */
public record AnswerConfig(
    int maxBodyBytes,
    Duration keepAlive,
    Duration stall,
    Duration streamDeadline,
    Duration wholeDeadline) {

  private static final Setting<Integer> MAX_BODY =
      Setting.integer(
          "PENSTOCK_MAX_BODY_BYTES", 1_048_576, 1_024, 16_777_216, "bytes", "longest request body");
  private static final Setting<Duration> STALL =
      Setting.millis(
          "PENSTOCK_STALL_MS",
          30_000,
          100,
          600_000,
          "how long the client of a stateless stream may take nothing before it is cut off");
  private static final Setting<Duration> STREAM_DEADLINE =
      Setting.millis(
          "PENSTOCK_STATELESS_STREAM_DEADLINE_MS",
          900_000,
          1_000,
          3_600_000,
          "longest stateless streamed answer, its time in the queue included");
  private static final Setting<Duration> WHOLE_DEADLINE =
      Setting.millis(
          "PENSTOCK_STATELESS_WHOLE_DEADLINE_MS",
          290_000,
          1_000,
          3_600_000,
          "longest wait for a stateless answer in one piece; many clients give up at 300 s");

  /** SSE-27. */
  private static final Setting<Duration> KEEP_ALIVE =
      Setting.millis(
          "PENSTOCK_STATELESS_KEEP_ALIVE_MS",
          10_000,
          50,
          60_000,
          "silence after which a stateless SSE stream gets its headers and a keep-alive; clients"
              + " are built for the default");

  /** What {@link #from} reads. */
  public static List<Setting<?>> settings() {
    return List.of(MAX_BODY, KEEP_ALIVE, STALL, STREAM_DEADLINE, WHOLE_DEADLINE);
  }

  /** Reads the settings. */
  public static AnswerConfig from(Environment environment) {
    return new AnswerConfig(
        environment.get(MAX_BODY),
        environment.get(KEEP_ALIVE),
        environment.get(STALL),
        environment.get(STREAM_DEADLINE),
        environment.get(WHOLE_DEADLINE));
  }
}
