package dev.penstock.contracts.generation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.wire.Wire;
import java.io.IOException;
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
        case "delta" -> delta(event.data());
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

  private static GenerationEvent delta(String data) throws IOException {
    @Nullable String text = null;
    try (var json = Wire.JSON.getFactory().createParser(data)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        return UNINTELLIGIBLE;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        text = "text".equals(json.currentName()) ? text(json) : skipped(json, text);
      }
      return text != null && json.nextToken() == null
          ? new GenerationEvent.Delta(text)
          : UNINTELLIGIBLE;
    }
  }

  private static @Nullable String text(JsonParser json) throws IOException {
    return json.nextToken() == JsonToken.VALUE_STRING ? json.getText() : skipped(json, null);
  }

  private static @Nullable String skipped(JsonParser json, @Nullable String text)
      throws IOException {
    json.nextToken();
    json.skipChildren();
    return text;
  }

  /** A record may come out of JSON with a member missing that its type does not let be null. */
  private static GenerationEvent whole(GenerationEvent event) {
    var whole =
        switch (event) {
          case GenerationEvent.Delta(var text) -> text != null;
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
}
