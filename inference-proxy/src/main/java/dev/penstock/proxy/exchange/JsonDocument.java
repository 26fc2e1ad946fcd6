package dev.penstock.proxy.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A request's body, written member by member. */
public final class JsonDocument {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int USUAL_BYTES = 1024;

  /** Writes the members of an object. */
  @FunctionalInterface
  public interface Members {
    /** Writes them all. */
    void write(JsonGenerator out) throws IOException;
  }

  private JsonDocument() {}

  /** One object with those members. */
  public static Buffer of(Members members) {
    var bytes = new ByteArrayOutputStream(USUAL_BYTES);
    try (var out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      members.write(out);
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a byte array does not fail", e);
    }
    return Buffer.buffer(bytes.toByteArray());
  }

  /** Writes a number, or nothing for null. */
  public static void number(JsonGenerator out, String name, @Nullable Number value)
      throws IOException {
    switch (value) {
      case null -> {}
      case Double real -> out.writeNumberField(name, real);
      default -> out.writeNumberField(name, value.longValue());
    }
  }

  /** Writes a list of texts, or nothing for null and none. */
  public static void texts(JsonGenerator out, String name, @Nullable List<String> values)
      throws IOException {
    if (values != null && !values.isEmpty()) {
      out.writeArrayFieldStart(name);
      for (var value : values) {
        out.writeString(value);
      }
      out.writeEndArray();
    }
  }
}
