package dev.penstock.proxy.openai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.proxy.exchange.LogprobList;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One chunk of a chat completion, in fields that the next one overwrites: a piece of the first
 * choice, usage, or an error. Other choices are not read.
 */
final class ChatChunk {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  private final CallFragments calls;

  String content = "";
  // Where the content's text stands in the chunk.
  int contentFrom;
  int contentTo;
  String thought = "";
  List<TokenLogprob> logprobs = List.of();
  @Nullable String finishReason;
  boolean error;
  final ChunkUsage usage = new ChunkUsage();

  private boolean known;
  private boolean more;

  /** Chunks of an answer whose calls are gathered there. */
  ChatChunk(CallFragments calls) {
    this.calls = calls;
  }

  /**
   * Reads a chunk.
   *
   * @throws IOException if it is not exactly one
   */
  void read(String chunk) throws IOException {
    reset();
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

  /** Whether it adds text and says nothing else. */
  boolean isText() {
    return !content.isEmpty() && !more && contentTo - contentFrom == content.length();
  }

  private void reset() {
    content = "";
    contentFrom = 0;
    contentTo = 0;
    thought = "";
    logprobs = List.of();
    finishReason = null;
    error = false;
    known = false;
    more = false;
  }

  private void member(JsonParser in, String name, String chunk) throws IOException {
    var value = in.nextToken();
    switch (name) {
      case "choices" -> {
        known = true;
        choices(in, chunk);
      }
      case "usage", "timings" -> {
        known = true;
        more |= value == JsonToken.START_OBJECT;
        usage.read(in);
      }
      case "error" -> {
        known = true;
        error |= value != JsonToken.VALUE_NULL;
        in.skipChildren();
      }
      case "object" -> {
        // vLLM's error before it had an envelope.
        if (value == JsonToken.VALUE_STRING && "error".equals(in.getText())) {
          known = true;
          error = true;
        }
        in.skipChildren();
      }
      default -> in.skipChildren();
    }
  }

  private void choices(JsonParser in, String chunk) throws IOException {
    if (in.currentToken() != JsonToken.START_ARRAY) {
      throw new JsonParseException(in, "choices are no list");
    }
    while (in.nextToken() != JsonToken.END_ARRAY) {
      if (in.currentToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(in, "a choice is no object");
      }
      choice(in, chunk);
    }
  }

  private void choice(JsonParser in, String chunk) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      var value = in.nextToken();
      if ("delta".equals(name) && value == JsonToken.START_OBJECT) {
        delta(in, chunk);
      } else if ("finish_reason".equals(name) && value == JsonToken.VALUE_STRING) {
        finishReason = in.getText().isEmpty() ? null : in.getText();
        more = true;
      } else if ("logprobs".equals(name) && value == JsonToken.START_OBJECT) {
        logprobs(in);
      } else {
        in.skipChildren();
      }
    }
  }

  private void delta(JsonParser in, String chunk) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      switch (name) {
        case "content" -> {
          content = text(in);
          contentFrom = (int) in.currentTokenLocation().getCharOffset() + 1;
          contentTo = (int) in.currentLocation().getCharOffset() - 1;
        }
        // vLLM's two names for it; llama-server has the first.
        case "reasoning_content", "reasoning" -> {
          var piece = text(in);
          thought = piece.isEmpty() ? thought : piece;
          more |= !piece.isEmpty();
        }
        case "tool_calls" -> {
          more |= in.currentToken() != JsonToken.VALUE_NULL;
          calls.add(in, chunk);
        }
        default -> in.skipChildren();
      }
    }
  }

  private void logprobs(JsonParser in) throws IOException {
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      if ("content".equals(name)) {
        logprobs = LogprobList.read(in);
        more = true;
      } else {
        in.skipChildren();
      }
    }
  }

  private static String text(JsonParser in) throws IOException {
    return switch (in.currentToken()) {
      case VALUE_STRING -> in.getText();
      case VALUE_NULL -> "";
      default -> throw new JsonParseException(in, "text is not a string");
    };
  }
}
