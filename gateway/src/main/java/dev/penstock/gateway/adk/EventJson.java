package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.contracts.wire.Wire;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Events as ADK shows them (adk-api.md section 5.3): camelCase, no nulls, times in seconds, and no
 * member that its own clients would not know.
 */
final class EventJson {
  /** What is kept of a request beside the user's message, and of its metadata with the turn. */
  static final String STATE_DELTA = "state_delta";

  static final String CUSTOM_METADATA = "custom_metadata";

  private EventJson() {}

  /** A time as ADK tells it: seconds with milliseconds behind the point. */
  static BigDecimal seconds(Instant time) {
    return BigDecimal.valueOf(time.toEpochMilli(), 3);
  }

  /** The invocation that a turn is. */
  static String invocation(UUID turn) {
    return "e-" + turn;
  }

  /** The last event of a run. */
  static ObjectNode of(Finished answer, String app) {
    var event = JsonNodeFactory.instance.objectNode();
    if (answer.text() != null || answer.state() == TurnState.COMPLETED) {
      var content = event.putObject("content");
      var parts = content.putArray("parts");
      var text = answer.text() == null ? "" : answer.text();
      if (!text.isEmpty() || answer.calls().isEmpty()) {
        parts.addObject().put("text", text);
      }
      answer.calls().forEach(call -> call(parts, call));
      content.put("role", "model");
    }
    if (answer.usage() != null) {
      usage(event.putObject("usageMetadata"), answer.usage());
    }
    end(event, answer);
    if (answer.model() != null) {
      event.put("modelVersion", answer.model());
    }
    var turn = answer.turn() == null ? answer.id() : answer.turn();
    return frame(
        event,
        invocation(turn),
        answer.agent() == null ? app : answer.agent(),
        null,
        answer.extra(),
        answer.id(),
        answer.at());
  }

  private static void end(ObjectNode event, Finished answer) {
    switch (answer.state()) {
      case COMPLETED -> {
        var reason = reason(answer.reason());
        event.put("finishReason", reason);
        if (!reason.equals("STOP")) {
          event.put("errorCode", reason);
        }
      }
      case FAILED -> {
        var error = answer.error();
        if (error != null) {
          event.put("errorCode", error.code().wire().toUpperCase(Locale.ROOT));
          event.put("errorMessage", error.detail());
        }
      }
      case CANCELLED, INTERRUPTED -> event.put("interrupted", true);
      case ACCEPTED, STREAMING -> {}
    }
  }

  private static String reason(@Nullable FinishReason reason) {
    return switch (reason) {
      case LENGTH -> "MAX_TOKENS";
      case CONTENT_FILTER -> "SAFETY";
      case STOP, TOOL_CALLS -> "STOP";
      case null -> "STOP";
    };
  }

  private static void usage(ObjectNode json, Usage usage) {
    json.put("promptTokenCount", usage.inputTokens())
        .put("candidatesTokenCount", usage.outputTokens())
        .put("totalTokenCount", usage.inputTokens() + usage.outputTokens());
    if (usage.cachedTokens() != null) {
      json.put("cachedContentTokenCount", usage.cachedTokens());
    }
    if (usage.thoughtTokens() != null) {
      json.put("thoughtsTokenCount", usage.thoughtTokens());
    }
  }

  private static void call(ArrayNode parts, ToolCall call) {
    var json = parts.addObject().putObject("functionCall").put("id", call.id());
    json.put("name", call.name()).set("args", Wire.decode(call.arguments(), JsonNode.class));
  }

  /** A message that no model said. */
  static ObjectNode given(Message message, @Nullable JsonNode extra, String app) {
    var event = JsonNodeFactory.instance.objectNode();
    var content = event.putObject("content");
    var part = content.putArray("parts").addObject();
    var author = "user";
    if (message.toolName() != null || message.toolCallId() != null) {
      author = app;
      var response = part.putObject("functionResponse");
      if (message.toolCallId() != null) {
        response.put("id", message.toolCallId());
      }
      response
          .put("name", message.toolName() == null ? "" : message.toolName())
          .putObject("response")
          .put("result", message.text());
    } else {
      part.put("text", message.text());
    }
    content.put("role", "user");
    var turn = message.turnId() == null ? message.id() : message.turnId();
    return frame(
        event,
        invocation(turn),
        author,
        extra == null ? null : extra.get(STATE_DELTA),
        extra,
        message.id(),
        message.createdAt());
  }

  /** An event that tells of a change of state alone; it gets its id and time where it is kept. */
  static ObjectNode change(JsonNode delta) {
    var event = JsonNodeFactory.instance.objectNode();
    event.put("invocationId", "p-" + UUID.randomUUID()).put("author", "user");
    actions(event, delta);
    return event;
  }

  /** An event that was kept as it is. */
  static ObjectNode kept(UUID id, JsonNode event, Instant at) {
    ObjectNode json = event.deepCopy();
    if (!json.has("id")) {
      json.put("id", id.toString());
    }
    if (!json.has("invocationId")) {
      json.put("invocationId", invocation(id));
    }
    if (!json.has("timestamp")) {
      json.put("timestamp", seconds(at));
    }
    if (!json.has("actions")) {
      actions(json, null);
    }
    return json;
  }

  private static ObjectNode frame(
      ObjectNode event,
      String invocation,
      String author,
      @Nullable JsonNode delta,
      @Nullable JsonNode extra,
      UUID id,
      Instant at) {
    var metadata = extra == null ? null : extra.get(CUSTOM_METADATA);
    if (metadata != null) {
      event.set("customMetadata", metadata);
    }
    event.put("invocationId", invocation).put("author", author);
    actions(event, delta);
    return event.put("id", id.toString()).put("timestamp", seconds(at));
  }

  private static void actions(ObjectNode event, @Nullable JsonNode delta) {
    var actions = event.putObject("actions");
    if (delta == null) {
      actions.putObject("stateDelta");
    } else {
      actions.set("stateDelta", delta);
    }
    actions.putObject("artifactDelta");
    actions.putObject("requestedAuthConfigs");
  }
}
