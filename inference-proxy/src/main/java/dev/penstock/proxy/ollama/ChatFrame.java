package dev.penstock.proxy.ollama;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.exchange.LogprobList;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of {@code POST /api/chat}, in fields that the next line overwrites: a token frame, the
 * final frame or an error. Absent numbers are 0, as Ollama leaves zeros out.
 */
final class ChatFrame {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

  String content = "";
  String thinking = "";
  List<ToolCall> calls = List.of();
  List<TokenLogprob> logprobs = List.of();
  boolean done;
  @Nullable String doneReason;
  @Nullable String error;
  long loadNanos;
  long totalNanos;
  int promptTokens;
  long promptNanos;
  int answerTokens;
  long answerNanos;

  /**
   * Reads a line.
   *
   * @throws IOException if it is not exactly one frame
   */
  void read(String line) throws IOException {
    reset();
    try (var in = JSON.createParser(line)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(in, "not an object");
      }
      var known = false;
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        known |= member(in, in.currentName(), line);
      }
      if (!known || in.nextToken() != null) {
        throw new JsonParseException(in, "not a frame");
      }
    }
  }

  private void reset() {
    content = "";
    thinking = "";
    calls = List.of();
    logprobs = List.of();
    done = false;
    doneReason = null;
    error = null;
    loadNanos = 0;
    totalNanos = 0;
    promptTokens = 0;
    promptNanos = 0;
    answerTokens = 0;
    answerNanos = 0;
  }

  /** Returns whether the member is one that makes a line a frame. */
  private boolean member(JsonParser in, String name, String line) throws IOException {
    var value = in.nextToken();
    switch (name) {
      case "message" -> message(in, value, line);
      case "done" -> done = bool(in, value);
      case "error" -> {
        // The engine's own errors come as an object or as JSON inside the string.
        error = value == JsonToken.VALUE_STRING ? in.getText() : line;
        in.skipChildren();
      }
      case "logprobs" -> {
        logprobs = LogprobList.read(in);
        return false;
      }
      default -> {
        number(in, value, name);
        return false;
      }
    }
    return true;
  }

  private void message(JsonParser in, JsonToken value, String line) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      throw new JsonParseException(in, "message is not an object");
    }
    while (in.nextToken() == JsonToken.FIELD_NAME) {
      var name = in.currentName();
      in.nextToken();
      switch (name) {
        case "content" -> content = text(in);
        case "thinking" -> thinking = text(in);
        case "tool_calls" -> calls = FrameToolCalls.read(in, line);
        default -> in.skipChildren();
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

  private void number(JsonParser in, JsonToken value, String name) throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      switch (name) {
        case "load_duration" -> loadNanos = in.getLongValue();
        case "total_duration" -> totalNanos = in.getLongValue();
        case "prompt_eval_count" -> promptTokens = in.getIntValue();
        case "prompt_eval_duration" -> promptNanos = in.getLongValue();
        case "eval_count" -> answerTokens = in.getIntValue();
        case "eval_duration" -> answerNanos = in.getLongValue();
        default -> {}
      }
    } else if (value == JsonToken.VALUE_STRING && "done_reason".equals(name)) {
      doneReason = in.getText();
    } else {
      in.skipChildren();
    }
  }

  private static boolean bool(JsonParser in, JsonToken value) throws IOException {
    if (value != JsonToken.VALUE_TRUE && value != JsonToken.VALUE_FALSE) {
      throw new JsonParseException(in, "done is not a boolean");
    }
    return value == JsonToken.VALUE_TRUE;
  }
}
