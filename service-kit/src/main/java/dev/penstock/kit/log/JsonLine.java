package dev.penstock.kit.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One event as one line of JSON, under the names that Cloud Logging takes out of it.
 *
 * @param project whose traces they are; null where it is not known
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">Structured logging</a>
 */
record JsonLine(String service, String version, @Nullable String project) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int USUAL_BYTES = 512;

  /** Lines over 256 KiB are cut up by those who gather them. */
  private static final int MAX_STACK_CHARS = 32 * 1024;

  private static final int MAX_MESSAGE_CHARS = 32 * 1024;

  byte[] of(ILoggingEvent event) {
    var out = new ByteArrayOutputStream(USUAL_BYTES);
    try (var json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("severity", severity(event.getLevel()));
      json.writeStringField("time", event.getInstant().toString());
      json.writeStringField("message", cut(event.getFormattedMessage(), MAX_MESSAGE_CHARS));
      json.writeStringField("logger", event.getLoggerName());
      json.writeStringField("thread", event.getThreadName());
      json.writeObjectFieldStart("serviceContext");
      json.writeStringField("service", service);
      json.writeStringField("version", version);
      json.writeEndObject();
      ids(event, json);
      if (event.getThrowableProxy() != null) {
        var stack = ThrowableProxyUtil.asString(event.getThrowableProxy());
        json.writeStringField("stack_trace", cut(stack, MAX_STACK_CHARS));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("an array of bytes takes every byte", e);
    }
    out.write('\n');
    return out.toByteArray();
  }

  private void ids(ILoggingEvent event, JsonGenerator json) throws IOException {
    var ids = event.getMDCPropertyMap();
    var request = ids.get(LogIds.REQUEST);
    if (request != null) {
      json.writeStringField("request_id", request);
    }
    var trace = ids.get(LogIds.TRACE);
    if (trace != null) {
      json.writeStringField(
          "logging.googleapis.com/trace",
          project == null ? trace : "projects/" + project + "/traces/" + trace);
      json.writeStringField("logging.googleapis.com/spanId", ids.get(LogIds.SPAN));
      json.writeBooleanField(
          "logging.googleapis.com/trace_sampled", Boolean.parseBoolean(ids.get(LogIds.SAMPLED)));
    }
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }

  private static String cut(@Nullable String text, int most) {
    var whole = String.valueOf(text);
    return whole.length() <= most ? whole : whole.substring(0, most) + "…";
  }
}
