package dev.penstock.kit.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import dev.penstock.kit.config.ConfigurationException;
import dev.penstock.kit.config.Environment;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConsoleEncoderTest {
  private final LoggerContext context = new LoggerContext();

  ConsoleEncoderTest() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  @Test
  void writesOneLineOfJsonUnderCloudLoggingsNames() {
    var event = event("a \"quoted\" word\nand a line", new IllegalStateException("no\nway"));
    event.setMDCPropertyMap(
        Map.of("request_id", "r-1", "trace_id", "t1", "span_id", "s1", "trace_sampled", "true"));

    var line = encode(encoder("json"), event);

    assertThat(line).endsWith("}\n");
    assertThat(line.strip()).doesNotContain("\n");
    var json = new JsonObject(line);
    assertThat(json.getString("severity")).isEqualTo("ERROR");
    assertThat(json.getString("message")).isEqualTo("a \"quoted\" word\nand a line");
    assertThat(json.getString("time")).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(json.getString("request_id")).isEqualTo("r-1");
    assertThat(json.getString("logging.googleapis.com/trace")).isEqualTo("projects/zoo/traces/t1");
    assertThat(json.getString("logging.googleapis.com/spanId")).isEqualTo("s1");
    assertThat(json.getBoolean("logging.googleapis.com/trace_sampled")).isTrue();
    assertThat(json.getJsonObject("serviceContext").getString("version")).isNotEmpty();
    assertThat(json.getString("stack_trace"))
        .startsWith("java.lang.IllegalStateException: no")
        .contains("at dev.penstock.kit.log.ConsoleEncoderTest");
  }

  @Test
  void writesTextForPeopleAndJsonWhereAPlatformGathersLogs() {
    var onRun = encoder("auto");
    onRun.setRun("penstock-gateway");
    onRun.start();
    var onKubernetes = encoder("auto");
    onKubernetes.setKubernetes("10.0.0.1");
    onKubernetes.start();

    assertThat(encode(encoder("auto"), event("Hello", null))).isEqualTo("ERROR Hello\n");
    assertThat(encode(onKubernetes, event("Hello", null))).startsWith("{\"severity\":\"ERROR\"");
    var json = new JsonObject(encode(onRun, event("Hello", null)));
    assertThat(json.getJsonObject("serviceContext").getString("service"))
        .isEqualTo("penstock-gateway");
  }

  @Test
  void refusesAFormatAndALevelThatAreNone() {
    Assertions.assertThatThrownBy(
            () -> LogFormat.check(new Environment(Map.of("PENSTOCK_LOG_FORMAT", "xml"))))
        .isInstanceOf(ConfigurationException.class)
        .hasMessage("PENSTOCK_LOG_FORMAT must be one of auto, json, text but is \"xml\"");
    Assertions.assertThatThrownBy(
            () -> LogFormat.check(new Environment(Map.of("LOG_LEVEL", "loud"))))
        .hasMessage("LOG_LEVEL must be one of ERROR, WARN, INFO, DEBUG but is \"loud\"");
  }

  private ConsoleEncoder encoder(String format) {
    var encoder = new ConsoleEncoder();
    encoder.setContext(context);
    encoder.setPattern("%level %msg%n");
    encoder.setFormat(format);
    encoder.setProject("zoo");
    encoder.start();
    return encoder;
  }

  private LoggingEvent event(String message, @Nullable Throwable cause) {
    return new LoggingEvent(
        "here", context.getLogger("dev.penstock.Here"), Level.ERROR, message, cause, null);
  }

  private static String encode(ConsoleEncoder encoder, LoggingEvent event) {
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
