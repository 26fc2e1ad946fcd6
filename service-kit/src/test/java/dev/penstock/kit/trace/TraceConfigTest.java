package dev.penstock.kit.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import dev.penstock.kit.metrics.Metrics;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceConfigTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";

  @Test
  void sendsNothingWhereNoCollectorIsNamedOrTheSdkIsDisabled() {
    assertThat(Tracing.from(new Environment(Map.of()), "gateway", new Metrics()))
        .isSameAs(Tracing.OFF);
    var disabled = Map.of(ENDPOINT, "http://otel:4318", "OTEL_SDK_DISABLED", "true");
    assertThat(TraceConfig.from(new Environment(disabled), "gateway")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://otel:4318, http://otel:4318/v1/traces",
    "https://otel.example.com/prefix/, https://otel.example.com/prefix/v1/traces"
  })
  void sendsSpansToTheRouteUnderTheCollector(String endpoint, String route) {
    assertThat(config(Map.of(ENDPOINT, endpoint)).endpoint()).hasToString(route);
  }

  @Test
  void samplesAsTheStandardVariablesSay() {
    assertThat(sampler(Map.of())).startsWith("ParentBased{root:AlwaysOnSampler");
    assertThat(
            sampler(
                Map.of(
                    "OTEL_TRACES_SAMPLER",
                    "parentbased_traceidratio",
                    "OTEL_TRACES_SAMPLER_ARG",
                    "0.01")))
        .startsWith("ParentBased{root:TraceIdRatioBased{0.010000}");
    assertThat(sampler(Map.of("OTEL_TRACES_SAMPLER", "always_off"))).isEqualTo("AlwaysOffSampler");
  }

  @Test
  void namesTheServiceUnlessTheEnvironmentDoes() {
    var own = config(Map.of(ENDPOINT, "http://otel:4318")).resource();
    var given =
        config(
                Map.of(
                    ENDPOINT,
                    "http://otel:4318",
                    "OTEL_SERVICE_NAME",
                    "edge",
                    "OTEL_RESOURCE_ATTRIBUTES",
                    "deployment.environment.name=a%20test,team=zoo"))
            .resource();

    var name = AttributeKey.stringKey("service.name");
    assertThat(own.getAttribute(name)).isEqualTo("gateway");
    assertThat(own.getAttribute(AttributeKey.stringKey("service.version"))).isNotEmpty();
    assertThat(given.getAttribute(name)).isEqualTo("edge");
    assertThat(given.getAttribute(AttributeKey.stringKey("deployment.environment.name")))
        .isEqualTo("a test");
  }

  @Test
  void tellsOnCloudRunWhichInstanceOfWhichRevisionItIs() throws IOException {
    var metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    metadata.createContext(
        "/computeMetadata/v1/instance/id",
        exchange -> {
          try (exchange) {
            var id = exchange.getRequestHeaders().getFirst("Metadata-Flavor") + "-0087f38c";
            exchange.sendResponseHeaders(200, id.length());
            exchange.getResponseBody().write(id.getBytes(StandardCharsets.US_ASCII));
          }
        });
    metadata.start();
    try {
      var resource =
          config(
                  Map.of(
                      ENDPOINT,
                      "http://otel:4318",
                      "K_SERVICE",
                      "penstock-gateway",
                      "K_REVISION",
                      "penstock-gateway-00007",
                      "GCE_METADATA_HOST",
                      "127.0.0.1:" + metadata.getAddress().getPort()))
              .resource();

      assertThat(resource.getAttributes().asMap().toString())
          .contains("cloud.provider=gcp", "cloud.platform=gcp_cloud_run")
          .contains("faas.name=penstock-gateway", "faas.version=penstock-gateway-00007")
          .contains("faas.instance=Google-0087f38c");
    } finally {
      metadata.stop(0);
    }
  }

  @Test
  void neverShowsTheHeadersThatAreWrong() {
    assertThatThrownBy(
            () ->
                config(
                    Map.of(ENDPOINT, "http://otel:4318", "OTEL_EXPORTER_OTLP_HEADERS", "sesame")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("OTEL_EXPORTER_OTLP_HEADERS")
        .hasMessageNotContaining("sesame");
  }

  @Test
  void refusesACollectorThatSpeaksSomethingElse() {
    assertThatThrownBy(
            () ->
                config(Map.of(ENDPOINT, "http://otel:4317", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
        .hasMessage("OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf but is \"grpc\"");
  }

  @Test
  void readsBackThePlaceInATraceThatItKept() {
    var text = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    var read = TraceContext.parse(text);

    assertThat(TraceContext.text(Span.wrap(read))).isEqualTo(text);
    assertThat(TraceContext.parse("00-nonsense").isValid()).isFalse();
    assertThat(TraceContext.parse(null).isValid()).isFalse();
    var unsampled = TraceContext.parse(text.replace("-01", "-00"));
    assertThat(TraceContext.text(Span.wrap(unsampled))).isNull();
  }

  private static TraceConfig config(Map<String, String> variables) {
    return TraceConfig.from(new Environment(variables), "gateway").orElseThrow();
  }

  private static String sampler(Map<String, String> variables) {
    return TraceConfig.from(
            new Environment(variables).with(ENDPOINT, "http://otel:4318"), "gateway")
        .orElseThrow()
        .sampler()
        .getDescription();
  }
}
