package dev.penstock.proxy;

import dev.penstock.kit.config.Authentication;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Listen;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.identity.CallersConfig;
import dev.penstock.kit.identity.IdentityConfig;
import dev.penstock.proxy.admission.AdmissionLimits;
import dev.penstock.proxy.ollama.OllamaModelServer;
import dev.penstock.proxy.relay.EmbeddingLimits;
import dev.penstock.proxy.relay.RelayLimits;
import dev.penstock.proxy.serving.Serving;
import dev.penstock.proxy.trace.GenerationSpans;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Settings of one inference-proxy.
 *
 * @param defaultModel null to take the first Gemma a server lists, or the first model
 * @param maxOutputTokens upper bound of generated tokens, and what is sent where none is asked for
 * @param identity who this service is to model servers that ask
 * @param callers who may call, where this service checks that itself; null where it does not
 * @param instances event loops that relay
 * @param vllmMetrics whether queue and slots are told under vLLM's names too
 */
public record ProxyConfig(
    Listen listen,
    Serving serving,
    @Nullable String defaultModel,
    int maxOutputTokens,
    AdmissionLimits admission,
    RelayLimits relay,
    EmbeddingLimits embeddings,
    OllamaModelServer.Times times,
    Duration connectTimeout,
    IdentityConfig identity,
    @Nullable CallersConfig callers,
    int maxBodyBytes,
    int instances,
    boolean vllmMetrics) {

  /** The port where none is configured. */
  public static final int DEFAULT_PORT = 8082;

  private static final Setting<String> GEMMA_MODEL_NAME =
      Setting.text(
          "GEMMA_MODEL_NAME",
          null,
          "model of requests that name none; the first Gemma an upstream lists if unset");
  private static final Setting<Integer> MAX_OUTPUT_TOKENS =
      Setting.integer(
          "PENSTOCK_MAX_OUTPUT_TOKENS", 8192, 1, 1_000_000, "tokens", "longest answer of a model");
  private static final Setting<Integer> QUEUE_PER_SLOT =
      Setting.integer(
          "PENSTOCK_QUEUE_PER_SLOT",
          10,
          0,
          1_000,
          "generations",
          "how many may wait for a model per slot that serves it, before 429");
  private static final Setting<Duration> QUEUE_WAIT =
      Setting.millis(
          "PENSTOCK_QUEUE_WAIT_MS",
          300_000,
          1,
          3_600_000,
          "longest expected wait with which one is let into a queue, before 429; whoever is in it"
              + " waits until its own deadline");
  private static final Setting<Duration> QUEUE_WAIT_BATCH =
      Setting.millis(
          "PENSTOCK_QUEUE_WAIT_BATCH_MS", 900_000, 1, 3_600_000, "the same for the batch class");
  private static final Setting<Duration> START_WAIT =
      Setting.millis(
          "PENSTOCK_START_WAIT_MS",
          0,
          0,
          3_600_000,
          "how long a model server that refuses connections is waited for, before 503");
  private static final Setting<Duration> FIRST_TOKEN =
      Setting.millis(
          "PENSTOCK_FIRST_TOKEN_TIMEOUT_MS", 60_000, 1, 3_600_000, "prompt sent to first token");
  private static final Setting<Duration> BETWEEN_TOKENS =
      Setting.millis(
          "PENSTOCK_BETWEEN_TOKENS_TIMEOUT_MS", 30_000, 1, 3_600_000, "silence inside an answer");
  private static final Setting<Duration> STALL =
      Setting.millis(
          "PENSTOCK_STALL_TIMEOUT_MS",
          30_000,
          1,
          3_600_000,
          "a caller that does not read, before its generation is cancelled");
  private static final Setting<Integer> EMBEDDING_INPUTS =
      Setting.integer(
          "PENSTOCK_EMBEDDING_INPUTS", 2048, 1, 100_000, "texts", "most inputs of one call");
  private static final Setting<Integer> EMBEDDINGS_BYTES =
      Setting.integer(
          "PENSTOCK_EMBEDDINGS_BYTES",
          67_108_864,
          1_024,
          1_073_741_824,
          "bytes",
          "longest answer of a model server with embeddings");
  private static final Setting<Duration> EMBEDDINGS =
      Setting.millis(
          "PENSTOCK_EMBEDDINGS_TIMEOUT_MS",
          120_000,
          1,
          3_600_000,
          "inputs sent to the last embedding");
  private static final Setting<Integer> MAX_BODY_BYTES =
      Setting.integer(
          "PENSTOCK_PROXY_MAX_BODY_BYTES",
          33_554_432,
          1_024,
          1_073_741_824,
          "bytes",
          "longest request, its images included");
  private static final Setting<Duration> CONNECT =
      Setting.millis(
          "PENSTOCK_UPSTREAM_CONNECT_TIMEOUT_MS", 2_000, 1, 60_000, "connecting to an upstream");
  private static final Setting<Duration> START =
      Setting.millis(
          "PENSTOCK_UPSTREAM_START_TIMEOUT_MS",
          120_000,
          1,
          3_600_000,
          "first answer of a model server that is starting");
  private static final Setting<Duration> LOAD =
      Setting.millis("PENSTOCK_MODEL_LOAD_TIMEOUT_MS", 600_000, 1, 3_600_000, "load of a model");
  private static final Setting<Integer> INSTANCES =
      Setting.integer(
          "PENSTOCK_PROXY_INSTANCES", 0, 0, 256, "event loops", "0 for one per processor");

  private static final Setting<Boolean> VLLM_METRICS =
      Setting.flag(
          "PENSTOCK_VLLM_METRICS",
          false,
          "tell queue and slots under vLLM's names too, for autoscalers and routers that read"
              + " those");

  /** Everything this service reads from its environment. */
  public static final List<Setting<?>> SETTINGS =
      Stream.of(
              Listen.settings(DEFAULT_PORT, Authentication.OF_SERVICE),
              ServingSettings.ALL,
              IdentityConfig.settings(),
              CallersConfig.settings(),
              List.<Setting<?>>of(
                  GEMMA_MODEL_NAME,
                  MAX_OUTPUT_TOKENS,
                  QUEUE_PER_SLOT,
                  QUEUE_WAIT,
                  QUEUE_WAIT_BATCH,
                  START_WAIT,
                  FIRST_TOKEN,
                  BETWEEN_TOKENS,
                  STALL,
                  EMBEDDING_INPUTS,
                  EMBEDDINGS_BYTES,
                  EMBEDDINGS,
                  MAX_BODY_BYTES,
                  CONNECT,
                  START,
                  LOAD,
                  INSTANCES,
                  VLLM_METRICS,
                  GenerationSpans.CONTENT))
          .<Setting<?>>flatMap(List::stream)
          .toList();

  // Lists are asked for while a person or a request waits.
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(2);
  // The gateway holds its own status for 250 ms (native-api.md section 3).
  private static final Duration STARTED_AFTER = Duration.ofMillis(100);

  /**
   * Reads the settings.
   *
   * @param allowUnauthenticated the operator typed {@code --allow-unauthenticated}
   * @throws ConfigurationException naming the setting that is wrong
   */
  public static ProxyConfig from(Environment environment, boolean allowUnauthenticated) {
    environment.rejectUnknown();
    var instances = environment.get(INSTANCES);
    var identity = IdentityConfig.from(environment);
    return new ProxyConfig(
        Listen.from(environment, DEFAULT_PORT, Authentication.OF_SERVICE, allowUnauthenticated),
        ServingSettings.read(environment, identity.shown()),
        environment.find(GEMMA_MODEL_NAME).orElse(null),
        environment.get(MAX_OUTPUT_TOKENS),
        new AdmissionLimits(
            environment.get(QUEUE_PER_SLOT),
            environment.get(QUEUE_WAIT),
            environment.get(QUEUE_WAIT_BATCH),
            environment.get(START_WAIT)),
        new RelayLimits(
            environment.get(FIRST_TOKEN),
            environment.get(BETWEEN_TOKENS),
            STARTED_AFTER,
            environment.get(STALL)),
        new EmbeddingLimits(
            environment.get(EMBEDDING_INPUTS),
            environment.get(EMBEDDINGS_BYTES),
            environment.get(EMBEDDINGS)),
        new OllamaModelServer.Times(LIST_TIMEOUT, environment.get(START), environment.get(LOAD)),
        environment.get(CONNECT),
        identity,
        CallersConfig.find(environment).orElse(null),
        environment.get(MAX_BODY_BYTES),
        instances == 0 ? Runtime.getRuntime().availableProcessors() : instances,
        environment.get(VLLM_METRICS));
  }
}
