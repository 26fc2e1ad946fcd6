package dev.penstock.gateway.openapi;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Objects;

/** The OpenAPI 3.1 document: written by hand in YAML, served as JSON. */
public final class OpenApiDocument {
  private static final String SOURCE = "openapi.yaml";

  private OpenApiDocument() {}

  /** The document as JSON. Reads and parses it, which takes a while and blocks. */
  public static Buffer json() {
    try (var in = OpenApiDocument.class.getResourceAsStream(SOURCE)) {
      var tree = new YAMLMapper().readTree(Objects.requireNonNull(in, SOURCE));
      return Buffer.buffer(new ObjectMapper().writeValueAsBytes(tree));
    } catch (IOException e) {
      throw new UncheckedIOException("the gateway's jar is broken", e);
    }
  }
}
