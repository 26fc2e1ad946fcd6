package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.turns.StoredEnd;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn as a response (openai-api.md section 8.2). What it repeats of its request is kept with the
 * turn, as text: a JSON value would come back with its members in another order.
 *
 * @param oneCall leaves out every call of a tool after the first
 */
record StoredResponse(ResponseJson json, boolean background, boolean oneCall) {
  private static final String KEPT = "response";
  private static final Failure INTERRUPTED =
      Failure.of(FailureCode.INTERNAL, "Nobody could go on with the response; ask again.");

  /** What is kept with a turn that is a response. */
  static JsonNode extra(ObjectNode echo) {
    return JsonNodeFactory.instance.objectNode().put(KEPT, echo.toString());
  }

  /** The turn as a response; empty where it was not begun as one. */
  static Optional<StoredResponse> of(Turn turn) {
    var kept = turn.extra() == null ? null : turn.extra().path(KEPT).textValue();
    if (kept == null) {
      return Optional.empty();
    }
    var echo = Wire.decode(kept, ObjectNode.class);
    var json =
        new ResponseJson(
            PrefixedId.of(PrefixedId.RESPONSE, turn.id()),
            PrefixedId.of(PrefixedId.MESSAGE, turn.id()),
            turn.createdAt().getEpochSecond(),
            echo);
    return Optional.of(
        new StoredResponse(
            json,
            echo.path("background").booleanValue(),
            !echo.path("parallel_tool_calls").asBoolean(true)));
  }

  /** The response as {@code turn} says it is now. */
  ObjectNode document(Turn turn) {
    return switch (turn.state()) {
      case ACCEPTED -> json.queued();
      case STREAMING -> json.inProgress();
      case COMPLETED, FAILED, CANCELLED, INTERRUPTED -> {
        var output = turn.output();
        yield ended(StoredEnd.of(turn), output == null ? "" : output.text());
      }
    };
  }

  /** The response at its end. */
  ObjectNode ended(TerminalEvent end, String text) {
    return switch (end) {
      case TerminalEvent.Completed done ->
          json.ended(
              json.items(itemStatus(done), text, List.of(), told(done)),
              done.finishReason(),
              done.usage(),
              storedAt(done.messageId()));
      case TerminalEvent.Failed failed ->
          json.failed(
              json.partial(text, List.of()),
              new Failure(failed.code(), failed.detail(), failed.retryable(), null));
      case TerminalEvent.Cancelled(_, var usage) ->
          json.cancelled(json.partial(text, List.of()), usage);
      case TerminalEvent.Interrupted _ -> json.failed(json.partial(text, List.of()), INTERRUPTED);
    };
  }

  /** The calls that are told of an end. */
  List<ToolCall> told(TerminalEvent end) {
    var calls =
        end instanceof TerminalEvent.Completed done ? done.toolCalls() : List.<ToolCall>of();
    return oneCall && calls.size() > 1 ? calls.subList(0, 1) : calls;
  }

  /** The status of the message at that end. */
  static String itemStatus(TerminalEvent end) {
    return end instanceof TerminalEvent.Completed done
        ? ResponseJson.status(done.finishReason())
        : "incomplete";
  }

  /** The answer was stored when its id was made: a UUID of version 7 begins with the time. */
  private static @Nullable Instant storedAt(@Nullable UUID message) {
    return message != null && message.version() == 7
        ? Instant.ofEpochMilli(message.getMostSignificantBits() >>> 16)
        : null;
  }
}
