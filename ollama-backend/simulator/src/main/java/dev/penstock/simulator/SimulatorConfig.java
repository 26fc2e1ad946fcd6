package dev.penstock.simulator;

import dev.penstock.gojson.GoDuration;
import dev.penstock.gojson.GoJsonException;
import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.config.Setting;
import dev.penstock.simulator.control.FaultJson;
import dev.penstock.simulator.fault.FaultOrder;
import dev.penstock.simulator.wire.KeepAlive;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Settings of one simulator. What Ollama can be told goes by Ollama's names, so that one
 * environment serves both; the rest is {@code SIMULATOR_*}.
 *
 * @param listen port 0 picks a free one
 * @param controlPort of {@code /faults} and {@code /state}; 0 picks a free one, -1 opens none
 * @param models names of the installed models
 * @param slots generations that run at once, per model
 * @param maxQueue requests that may wait for a load
 * @param contextLength tokens a slot holds
 * @param tokensPerSecond of each generation
 * @param prefillTokensPerSecond how fast prompts are read; 0 takes no time
 * @param savedPrompts that each model remembers beside the last one of each slot
 * @param loadTime until a model is in memory
 * @param seed of the answers to requests without one
 * @param faults in force from the start
 */
public record SimulatorConfig(
    Listen listen,
    int controlPort,
    List<String> models,
    int slots,
    int maxQueue,
    Duration keepAlive,
    int contextLength,
    int tokensPerSecond,
    int prefillTokensPerSecond,
    int savedPrompts,
    Duration loadTime,
    int seed,
    int maxBodyBytes,
    List<FaultOrder> faults) {

  private static final int DEFAULT_PORT = 11434;

  private static final Setting<Integer> CONTROL_PORT =
      Setting.integer(
          "SIMULATOR_CONTROL_PORT",
          -1,
          -1,
          65_535,
          "",
          "port of /faults and /state; 0 picks one, -1 opens none");
  private static final Setting<List<String>> MODELS =
      new Setting<>(
          "SIMULATOR_MODELS",
          "gemma3:270m,gemma3:4b,gemma4:e2b",
          "",
          "models it serves, separated by commas; those of gemma4 start a new answer where others"
              + " continue one, think and call tools; those with embed in their name make embeddings"
              + " and nothing else",
          false,
          text -> Arrays.stream(text.split(",")).map(String::strip).toList());
  private static final Setting<Integer> SLOTS =
      Setting.integer(
          "OLLAMA_NUM_PARALLEL", 1, 1, 10_000, "generations", "slots of each model, as Ollama's");
  private static final Setting<Integer> MAX_QUEUE =
      Setting.integer(
          "OLLAMA_MAX_QUEUE",
          512,
          0,
          1_000_000,
          "requests",
          "how many may wait for a model to load before the next is answered 503");
  private static final Setting<Duration> KEEP_ALIVE =
      new Setting<>(
          "OLLAMA_KEEP_ALIVE",
          "5m",
          "",
          "how long an idle model stays loaded: a Go duration or seconds; negative is for ever",
          false,
          SimulatorConfig::keepAlive);
  private static final Setting<Integer> CONTEXT_LENGTH =
      Setting.integer(
          "OLLAMA_CONTEXT_LENGTH", 32_768, 4, 1_048_576, "tokens", "context of each slot");
  private static final Setting<Integer> TOKENS_PER_SECOND =
      Setting.integer(
          "SIMULATOR_TOKENS_PER_SECOND", 30, 1, 1_000_000, "tokens/s", "speed of each answer");
  private static final Setting<Integer> PREFILL_TOKENS_PER_SECOND =
      Setting.integer(
          "SIMULATOR_PREFILL_TOKENS_PER_SECOND",
          2_000,
          0,
          10_000_000,
          "tokens/s",
          "speed at which prompts are read; 0 takes no time");
  private static final Setting<Integer> SAVED_PROMPTS =
      Setting.integer(
          "SIMULATOR_SAVED_PROMPTS",
          64,
          0,
          10_000,
          "prompts",
          "how many each model remembers beside the last one of each slot");
  private static final Setting<Duration> LOAD =
      Setting.millis("SIMULATOR_LOAD_MS", 1_000, 0, 3_600_000, "time to load a model");
  private static final Setting<Integer> SEED =
      Setting.integer("SIMULATOR_SEED", 0, 0, Integer.MAX_VALUE, "", "another seed, other answers");
  private static final Setting<Integer> MAX_BODY_BYTES =
      Setting.integer(
          "SIMULATOR_MAX_BODY_BYTES", 33_554_432, 1, 1_073_741_824, "bytes", "longest request");
  private static final Setting<List<FaultOrder>> FAULTS =
      new Setting<>(
          "SIMULATOR_FAULTS",
          "[]",
          "",
          "faults in force from the start: a JSON array of what POST /faults takes",
          false,
          FaultJson::parseAll);

  /** The settings that are read, for the documentation's test. */
  public static List<Setting<?>> settings() {
    return Stream.concat(
            Listen.settings(DEFAULT_PORT, Authentication.OF_NONE).stream(),
            Stream.of(
                CONTROL_PORT,
                MODELS,
                SLOTS,
                MAX_QUEUE,
                KEEP_ALIVE,
                CONTEXT_LENGTH,
                TOKENS_PER_SECOND,
                PREFILL_TOKENS_PER_SECOND,
                SAVED_PROMPTS,
                LOAD,
                SEED,
                MAX_BODY_BYTES,
                FAULTS))
        .toList();
  }

  /**
   * Reads the settings.
   *
   * @throws dev.penstock.kit.config.ConfigurationException naming what is wrong
   */
  public static SimulatorConfig from(Environment environment, boolean allowUnauthenticated) {
    environment.rejectUnknown();
    return new SimulatorConfig(
        Listen.from(environment, DEFAULT_PORT, Authentication.OF_NONE, allowUnauthenticated),
        environment.get(CONTROL_PORT),
        environment.get(MODELS),
        environment.get(SLOTS),
        environment.get(MAX_QUEUE),
        environment.get(KEEP_ALIVE),
        environment.get(CONTEXT_LENGTH),
        environment.get(TOKENS_PER_SECOND),
        environment.get(PREFILL_TOKENS_PER_SECOND),
        environment.get(SAVED_PROMPTS),
        environment.get(LOAD),
        environment.get(SEED),
        environment.get(MAX_BODY_BYTES),
        environment.get(FAULTS));
  }

  private static Duration keepAlive(String text) {
    try {
      var duration =
          text.matches("-?\\d+")
              ? Duration.ofSeconds(Long.parseLong(text))
              : GoDuration.parse(text);
      return duration.isNegative() ? KeepAlive.FOREVER : duration;
    } catch (GoJsonException | ArithmeticException | NumberFormatException e) {
      throw new IllegalArgumentException("a duration like 5m or a number of seconds");
    }
  }
}
