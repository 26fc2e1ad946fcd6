package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** A request's body, written member by member. */
final class OllamaDocument {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int USUAL_BYTES = 1024;

  interface Members {
    void write(JsonGenerator out) throws IOException;
  }

  private OllamaDocument() {}

  /** One object with those members. */
  static Buffer of(Members members) {
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
}
