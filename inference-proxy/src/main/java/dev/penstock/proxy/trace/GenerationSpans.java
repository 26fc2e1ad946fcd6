package dev.penstock.proxy.trace;

import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.config.Setting;
import dev.penstock.kit.trace.Tracing;
import dev.penstock.proxy.serving.UpstreamConfig;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Begins a span for each request to a model server that is in a trace. Safe from any thread. */
public final class GenerationSpans {
  /** Whether spans hold what was said. */
  public static final Setting<Boolean> CONTENT =
      Setting.flag(
          "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT",
          false,
          "whether the spans of generations hold prompts and answers, for whoever reads traces to"
              + " see");

  private static final double MILLIS = 1_000;

  private final Tracing tracing;
  private final boolean content;
  private final Map<String, UpstreamConfig> upstreams;

  private GenerationSpans(Tracing tracing, boolean content, List<UpstreamConfig> upstreams) {
    this.tracing = tracing;
    this.content = content;
    this.upstreams =
        upstreams.stream().collect(Collectors.toMap(UpstreamConfig::name, Function.identity()));
  }

  /** Spans as the environment says. */
  public static GenerationSpans from(
      Environment environment, Tracing tracing, List<UpstreamConfig> upstreams) {
    return new GenerationSpans(tracing, environment.get(CONTENT), upstreams);
  }

  /** No spans. */
  public static GenerationSpans none() {
    return new GenerationSpans(Tracing.OFF, false, List.of());
  }

  /**
   * Where a request has come before its model server is asked.
   *
   * @param model the name the model server knows it by
   * @param tries how often model servers were asked for it, this time included
   * @param queuedMs since it came, without the load
   * @param loadMs spent on loading the model for it
   */
  public record Asked(String upstream, String model, int tries, long queuedMs, long loadMs) {}

  /**
   * Begins the span of an answer.
   *
   * @param request the span of the request that asks for it
   * @param maxTokens as the model server is told
   */
  public GenerationSpan generation(
      Span request, GenerationRequest body, Asked asked, int maxTokens) {
    if (!request.isRecording()) {
      // It still tells the model server where in the trace it is.
      return GenerationSpan.of(request);
    }
    var span =
        start(
            operation(asked.upstream()),
            request,
            body.model(),
            asked,
            builder -> {
              builder.setAttribute(GenAi.STREAM, true);
              builder.setAttribute(GenAi.MAX_TOKENS, (long) maxTokens);
              if (body.conversation() != null) {
                builder.setAttribute(GenAi.CONVERSATION, body.conversation());
              }
              builder.setAttribute(
                  GenAi.OUTPUT_TYPE,
                  body.form().format() instanceof ResponseFormat.Text ? "text" : "json");
              options(builder, body.options());
            });
    if (content && span.isRecording()) {
      MessageContent.describe(span, body);
      return GenerationSpan.withText(span, asked.model());
    }
    return GenerationSpan.of(span, asked.model());
  }

  /** Begins the span of a call for embeddings. */
  public GenerationSpan embeddings(Span request, EmbeddingsRequest body, Asked asked) {
    if (!request.isRecording()) {
      return GenerationSpan.of(request);
    }
    var span =
        start(
            "embeddings",
            request,
            body.model(),
            asked,
            builder -> {
              if (body.dimensions() != null) {
                builder.setAttribute(GenAi.DIMENSIONS, body.dimensions().longValue());
              }
            });
    return GenerationSpan.of(span, asked.model());
  }

  private Span start(
      String operation, Span request, String model, Asked asked, Consumer<SpanBuilder> more) {
    return tracing.start(
        operation + " " + model,
        SpanKind.CLIENT,
        request.getSpanContext(),
        builder -> {
          builder.setAttribute(GenAi.OPERATION, operation);
          builder.setAttribute(GenAi.PROVIDER, provider(asked.upstream()));
          builder.setAttribute(GenAi.REQUEST_MODEL, model);
          builder.setAttribute(GenAi.UPSTREAM, asked.upstream());
          builder.setAttribute(GenAi.TRY, (long) asked.tries());
          builder.setAttribute(GenAi.QUEUED, asked.queuedMs() / MILLIS);
          builder.setAttribute(GenAi.LOADED, asked.loadMs() / MILLIS);
          var upstream = upstreams.get(asked.upstream());
          if (upstream != null) {
            server(builder, upstream);
          }
          more.accept(builder);
        });
  }

  private static void server(SpanBuilder builder, UpstreamConfig upstream) {
    var url = upstream.url();
    var port = url.getPort() >= 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    builder.setAttribute(GenAi.SERVER_ADDRESS, url.getHost());
    builder.setAttribute(GenAi.SERVER_PORT, (long) port);
  }

  private static void options(SpanBuilder builder, GenerationOptions options) {
    if (options.temperature() != null) {
      builder.setAttribute(GenAi.TEMPERATURE, options.temperature());
    }
    if (options.topP() != null) {
      builder.setAttribute(GenAi.TOP_P, options.topP());
    }
    if (options.topK() != null) {
      builder.setAttribute(GenAi.TOP_K, options.topK().doubleValue());
    }
    if (options.seed() != null) {
      builder.setAttribute(GenAi.SEED, options.seed());
    }
    if (options.frequencyPenalty() != null) {
      builder.setAttribute(GenAi.FREQUENCY_PENALTY, options.frequencyPenalty());
    }
    if (options.presencePenalty() != null) {
      builder.setAttribute(GenAi.PRESENCE_PENALTY, options.presencePenalty());
    }
  }

  private String operation(String upstream) {
    return switch (provider(upstream)) {
      case "gcp.gemini", "gcp.vertex_ai" -> "generate_content";
      default -> "chat";
    };
  }

  private String provider(String upstream) {
    var config = upstreams.get(upstream);
    return config == null
        ? GenerationSpan.OTHER
        : switch (config.kind()) {
          case OLLAMA -> "ollama";
          case OPENAI -> "openai";
          case GEMINI -> "gcp.gemini";
          case VERTEX -> "gcp.vertex_ai";
          case GENERATE -> "vllm";
        };
  }
}
