package dev.penstock.contracts.generation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.wire.Wire;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads what {@link GenerationEventEncoder} writes; unknown members are ignored. */
public final class GenerationEventDecoder {
  private static final GenerationEvent UNINTELLIGIBLE =
      new GenerationEvent.Failed(
          Failure.of(
              FailureCode.UPSTREAM_PROTOCOL,
              "The generation was broken off because part of it could not be read; try again."));

  private GenerationEventDecoder() {}

  /**
   * The event's value. An unknown name, data that is not JSON and a missing member yield a {@code
   * Failed} with {@link FailureCode#UPSTREAM_PROTOCOL}, which ends the generation like any other.
   */
  public static GenerationEvent decode(SseEvent event) {
    try {
      return switch (event.name()) {
        case "delta" -> whole(text(event.data()), GenerationEvent.Delta::new);
        case "thought" -> whole(text(event.data()), GenerationEvent.Thought::new);
        case "scored" -> whole(Wire.decode(event.data(), GenerationEvent.Scored.class));
        case "called" -> whole(Wire.decode(event.data(), GenerationEvent.Called.class));
        case "queued" -> whole(Wire.decode(event.data(), GenerationEvent.Queued.class));
        case "started" -> whole(Wire.decode(event.data(), GenerationEvent.Started.class));
        case "finished" -> whole(Wire.decode(event.data(), GenerationEvent.Finished.class));
        case "failed" -> whole(Wire.decode(event.data(), GenerationEvent.Failed.class));
        default -> UNINTELLIGIBLE;
      };
    } catch (IOException | Wire.MalformedWireException e) {
      return UNINTELLIGIBLE;
    }
  }

  /** The member {@code text}, without a tree; null where it is missing. */
  private static @Nullable String text(String data) throws IOException {
    @Nullable String text = null;
    try (var json = Wire.JSON.getFactory().createParser(data)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return null;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        text = "text".equals(json.currentName()) ? member(json) : skipped(json, text);
      }
      return json.nextToken() == null ? text : null;
    }
  }

  private static @Nullable String member(JsonParser json) throws IOException {
    return json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : skipped(json, null);
  }

  private static @Nullable String skipped(JsonParser json, @Nullable String text)
      throws IOException {
    json.nextToken();
    json.skipChildren();
    return text;
  }

  private static GenerationEvent whole(
      @Nullable String text, Function<String, GenerationEvent> event) {
    return text == null ? UNINTELLIGIBLE : event.apply(text);
  }

  /** A record may come out of JSON with a member missing that its type does not let be null. */
  private static GenerationEvent whole(GenerationEvent event) {
    var whole =
        switch (event) {
          case GenerationEvent.Delta _, GenerationEvent.Thought _ -> true;
          case GenerationEvent.Scored(var text, var logprobs) -> text != null && logprobs != null;
          case GenerationEvent.Called(var calls) -> calls != null && areWhole(calls);
          case GenerationEvent.Queued(var place) -> place != null && place.reason() != null;
          case GenerationEvent.Started(var upstream, var model) ->
              upstream != null && model != null;
          case GenerationEvent.Finished(var reason, var usage, var timings) ->
              reason != null && usage != null && timings != null;
          case GenerationEvent.Failed(var failure) ->
              failure != null && failure.code() != null && failure.detail() != null;
        };
    return whole ? event : UNINTELLIGIBLE;
  }

  private static boolean areWhole(List<ToolCall> calls) {
    return calls.stream()
        .allMatch(call -> call != null && call.id() != null && call.name() != null);
  }
}
