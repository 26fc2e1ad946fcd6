package dev.penstock.kit.trace;

import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Where spans go, which, and how many may wait.
 *
 * @param endpoint the collector's route for spans
 * @param headers of every request to it
 * @param maxQueue ended spans that may wait to be sent, before the next is dropped
 */
record TraceConfig(
    URI endpoint,
    Map<String, String> headers,
    Duration timeout,
    boolean compressed,
    Sampler sampler,
    Resource resource,
    int maxQueue,
    int maxBatch,
    Duration delay) {
  private static final String ADDRESS = "an http:// or https:// address";

  private static final Setting<URI> ENDPOINT =
      new Setting<>(
          "OTEL_EXPORTER_OTLP_ENDPOINT",
          null,
          "",
          "a collector of OTLP over HTTP; spans go to `/v1/traces` under it. No spans if unset",
          false,
          TraceConfig::address);
  private static final Setting<URI> TRACES_ENDPOINT =
      new Setting<>(
          "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
          null,
          "",
          "the same as a whole address, in its stead",
          false,
          TraceConfig::address);
  private static final Setting<String> PROTOCOL =
      choice(
          "OTEL_EXPORTER_OTLP_PROTOCOL",
          "http/protobuf",
          "how collectors are spoken to; nothing else is",
          "http/protobuf");
  private static final Setting<Map<String, String>> HEADERS =
      new Setting<>(
          "OTEL_EXPORTER_OTLP_HEADERS",
          null,
          "",
          "headers for the collector, `name=value` separated by commas, percent-encoded",
          true,
          KeyValues::parse);
  private static final Setting<Duration> TIMEOUT =
      Setting.millis(
          "OTEL_EXPORTER_OTLP_TIMEOUT", 10_000, 1, 600_000, "longest wait for the collector");
  private static final Setting<String> COMPRESSION =
      choice("OTEL_EXPORTER_OTLP_COMPRESSION", "none", "`gzip` or `none`", "gzip", "none");
  private static final Setting<String> SAMPLER =
      choice(
          "OTEL_TRACES_SAMPLER",
          "parentbased_always_on",
          "which requests are traced: `always_on`, `always_off`, `traceidratio`, or with"
              + " `parentbased_` before it where a request that brings a trace decides itself",
          "always_on",
          "always_off",
          "traceidratio",
          "parentbased_always_on",
          "parentbased_always_off",
          "parentbased_traceidratio");
  private static final Setting<Double> SAMPLER_ARG =
      new Setting<>(
          "OTEL_TRACES_SAMPLER_ARG",
          "1.0",
          "",
          "part of the requests that `traceidratio` traces, from 0 to 1",
          false,
          TraceConfig::ratio);
  private static final Setting<Integer> MAX_QUEUE =
      Setting.integer(
          "OTEL_BSP_MAX_QUEUE_SIZE",
          2048,
          1,
          1_000_000,
          "spans",
          "ended spans that may wait to be sent, before the next is dropped and counted");
  private static final Setting<Integer> MAX_BATCH =
      Setting.integer(
          "OTEL_BSP_MAX_EXPORT_BATCH_SIZE", 512, 1, 100_000, "spans", "most spans of one request");
  private static final Setting<Duration> DELAY =
      Setting.millis(
          "OTEL_BSP_SCHEDULE_DELAY",
          5_000,
          1,
          600_000,
          "time between two requests that are not full");
  private static final Setting<Boolean> DISABLED =
      Setting.flag("OTEL_SDK_DISABLED", false, "no spans, whatever else is set");

  static List<Setting<?>> settings() {
    return List.of(
        ENDPOINT,
        TRACES_ENDPOINT,
        PROTOCOL,
        HEADERS,
        TIMEOUT,
        COMPRESSION,
        SAMPLER,
        SAMPLER_ARG,
        TraceResource.SERVICE_NAME,
        TraceResource.ATTRIBUTES,
        MAX_QUEUE,
        MAX_BATCH,
        DELAY,
        DISABLED);
  }

  /** Empty where there is no collector. */
  static Optional<TraceConfig> from(Environment environment, String service) {
    environment.get(PROTOCOL);
    var endpoint =
        environment
            .find(TRACES_ENDPOINT)
            .or(() -> environment.find(ENDPOINT).map(TraceConfig::traces));
    if (endpoint.isEmpty() || environment.get(DISABLED)) {
      return Optional.empty();
    }
    var maxQueue = environment.get(MAX_QUEUE);
    return Optional.of(
        new TraceConfig(
            endpoint.get(),
            environment.find(HEADERS).orElse(Map.of()),
            environment.get(TIMEOUT),
            environment.get(COMPRESSION).equals("gzip"),
            sampler(environment.get(SAMPLER), environment.get(SAMPLER_ARG)),
            TraceResource.of(environment, service),
            maxQueue,
            Math.min(maxQueue, environment.get(MAX_BATCH)),
            environment.get(DELAY)));
  }

  private static URI traces(URI collector) {
    var base = collector.toString();
    return URI.create(base + (base.endsWith("/") ? "" : "/") + "v1/traces");
  }

  private static Sampler sampler(String word, double ratio) {
    var parentBased = "parentbased_";
    if (word.startsWith(parentBased)) {
      return Sampler.parentBased(sampler(word.substring(parentBased.length()), ratio));
    }
    return switch (word) {
      case "always_on" -> Sampler.alwaysOn();
      case "always_off" -> Sampler.alwaysOff();
      case "traceidratio" -> Sampler.traceIdRatioBased(ratio);
      default -> throw new ConfigurationException("OTEL_TRACES_SAMPLER must not be " + word);
    };
  }

  private static Setting<String> choice(
      String name, String defaultText, String meaning, String... words) {
    return new Setting<>(
        name,
        defaultText,
        "",
        meaning,
        false,
        text -> {
          var word = text.toLowerCase(Locale.ROOT);
          if (List.of(words).contains(word)) {
            return word;
          }
          throw new IllegalArgumentException("one of " + String.join(", ", words));
        });
  }

  private static URI address(String text) {
    try {
      var uri = URI.create(text);
      var scheme = uri.getScheme();
      if (uri.getHost() != null && ("http".equals(scheme) || "https".equals(scheme))) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException(ADDRESS);
  }

  private static double ratio(String text) {
    try {
      var value = Double.parseDouble(text);
      if (value >= 0 && value <= 1) {
        return value;
      }
    } catch (NumberFormatException e) {
      // falls through to the same sentence
    }
    throw new IllegalArgumentException("a number from 0 to 1");
  }
}
