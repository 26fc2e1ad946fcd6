package dev.penstock.proxy.gemini;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one {@code GenerateContentResponse}: parts are told as they stand there, the rest is in
 * fields that the next chunk overwrites.
 */
final class GeminiChunk {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final GeminiParts parts;

  final GeminiUsage usage = new GeminiUsage();
  @Nullable String finishReason;
  boolean blocked;
  boolean error;

  private boolean known;

  /** Chunks whose parts are told there. */
  GeminiChunk(GeminiParts parts) {
    this.parts = parts;
  }

  /**
   * Reads a chunk.
   *
   * @throws IOException if it is not exactly one
   */
  void read(String chunk) throws IOException {
    finishReason = null;
    blocked = false;
    error = false;
    known = false;
    try (var in = JSON.createParser(chunk)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(in, "not an object");
      }
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        member(in, in.currentName(), chunk);
      }
      if (!known || in.nextToken() != null) {
        throw new JsonParseException(in, "not a chunk");
      }
    }
  }

  private void member(JsonParser in, String name, String chunk) throws IOException {
    var value = in.nextToken();
    switch (name) {
      case "candidates" -> {
        known = true;
        candidates(in, chunk);
      }
      case "usageMetadata" -> {
        known = true;
        usage.read(in);
      }
      case "promptFeedback" -> {
        known = true;
        feedback(in);
      }
      case "error" -> {
        known = true;
        error = value != JsonToken.VALUE_NULL;
        in.skipChildren();
      }
      // A chunk with nothing else is no news, but no nonsense either.
      case "responseId", "modelVersion" -> {
        known = true;
        in.skipChildren();
      }
      default -> in.skipChildren();
    }
  }

  private void candidates(JsonParser in, String chunk) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new JsonParseException(in, "candidates are no list");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(in, "a candidate is no object");
      }
      candidate(in, chunk);
    }
  }

  private void candidate(JsonParser in, String chunk) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      if ("content".equals(name) && value == JsonToken.START_OBJECT) {
        content(in, chunk);
      } else if ("finishReason".equals(name) && value == JsonToken.VALUE_STRING) {
        finishReason = in.getText();
      } else {
        in.skipChildren();
      }
    }
  }

  private void content(JsonParser in, String chunk) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      if ("parts".equals(name) && value == JsonToken.START_ARRAY) {
        while (in.nextToken() != JsonToken.END_ARRAY) {
          parts.read(in, chunk);
        }
      } else {
        in.skipChildren();
      }
    }
  }

  private void feedback(JsonParser in) throws IOException {
    if (in.currentToken() != JsonToken.START_OBJECT) {
      return;
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      blocked |=
          "blockReason".equals(name)
              && value == JsonToken.VALUE_STRING
              && !in.getText().endsWith("_UNSPECIFIED");
      in.skipChildren();
    }
  }
}
