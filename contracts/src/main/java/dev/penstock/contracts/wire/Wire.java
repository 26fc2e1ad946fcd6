package dev.penstock.contracts.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.Serial;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * JSON of the internal routes: {@code snake_case}, times as RFC 3339 UTC with milliseconds, days as
 * {@code 2026-11-21}, nulls written.
 *
 * <p>Unknown members are ignored, because versions N and N − 1 run together during a roll-out. The
 * public edge is strict instead and does not use this class for what clients send.
 */
public final class Wire {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Thread-safe; callers must not reconfigure it. */
  public static final ObjectMapper JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .serializationInclusion(JsonInclude.Include.ALWAYS)
          .addModule(
              new SimpleModule()
                  .addSerializer(Instant.class, new InstantWriter())
                  .addDeserializer(Instant.class, new InstantReader())
                  .addSerializer(LocalDate.class, ToStringSerializer.instance)
                  .addDeserializer(LocalDate.class, new DayReader()))
          .build();

  private Wire() {}

  /**
   * The JSON document of {@code value}, UTF-8.
   *
   * @throws IllegalArgumentException if the type cannot be written, which is a programming error
   */
  public static Buffer encode(Object value) {
    try {
      return Buffer.buffer(JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value.getClass(), e);
    }
  }

  /** The JSON text of {@code value}; for what is kept in a text column. */
  public static String text(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + value.getClass(), e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws MalformedWireException if the bytes are not JSON of that type
   */
  public static <T> T decode(Buffer bytes, Class<T> type) {
    try {
      return value(JSON.readValue(bytes.getBytes(), type), type);
    } catch (IOException e) {
      throw new MalformedWireException(type, e);
    }
  }

  /**
   * Reads a document.
   *
   * @throws MalformedWireException if the text is not JSON of that type
   */
  public static <T> T decode(String text, Class<T> type) {
    try {
      return value(JSON.readValue(text, type), type);
    } catch (IOException e) {
      throw new MalformedWireException(type, e);
    }
  }

  private static <T> T value(@Nullable T value, Class<T> type) {
    if (value == null) {
      throw new MalformedWireException(type, null); // the document is the word null
    }
    return value;
  }

  /** A neighbour sent something that is not the agreed record. */
  public static final class MalformedWireException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    MalformedWireException(Class<?> type, @Nullable Throwable cause) {
      super("not a " + type.getSimpleName(), cause);
    }
  }

  private static final class InstantWriter extends StdScalarSerializer<Instant> {
    @Serial private static final long serialVersionUID = 1L;

    InstantWriter() {
      super(Instant.class);
    }

    @Override
    public void serialize(Instant value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeString(MILLIS.format(value));
    }
  }

  private static final class InstantReader extends StdScalarDeserializer<Instant> {
    @Serial private static final long serialVersionUID = 1L;

    InstantReader() {
      super(Instant.class);
    }

    @Override
    public Instant deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = in.getText();
      try {
        return Instant.parse(text);
      } catch (DateTimeParseException e) {
        throw context.weirdStringException(text, Instant.class, e.getMessage());
      }
    }
  }

  private static final class DayReader extends StdScalarDeserializer<LocalDate> {
    @Serial private static final long serialVersionUID = 1L;

    DayReader() {
      super(LocalDate.class);
    }

    @Override
    public LocalDate deserialize(JsonParser in, DeserializationContext context) throws IOException {
      var text = in.getText();
      try {
        return LocalDate.parse(text);
      } catch (DateTimeParseException e) {
        throw context.weirdStringException(text, LocalDate.class, e.getMessage());
      }
    }
  }
}
