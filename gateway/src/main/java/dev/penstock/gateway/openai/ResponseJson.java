package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One response and its items as they stand at some moment (openai-api.md sections 8.2 and 8.3).
 *
 * @param id {@code resp_…}
 * @param messageId {@code msg_…}, of its one message
 * @param createdAt epoch seconds
 * @param echo what it repeats of its request
 */
record ResponseJson(String id, String messageId, long createdAt, ObjectNode echo) {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  static ResponseJson next(ObjectNode echo, Instant now) {
    return new ResponseJson(newId("resp_"), newId("msg_"), now.getEpochSecond(), echo);
  }

  private static String newId(String prefix) {
    var random = ThreadLocalRandom.current();
    return prefix + "%016x%08x".formatted(random.nextLong(), random.nextInt());
  }

  /** While it is generated. */
  ObjectNode inProgress() {
    return document("in_progress", List.of());
  }

  /** While nothing of it is there but its place, and that it was asked for. */
  ObjectNode queued() {
    return document("queued", List.of());
  }

  /**
   * When it is whole, or as whole as it gets.
   *
   * @param at when that was; null if nobody knows
   */
  ObjectNode ended(
      List<ObjectNode> output, FinishReason reason, Usage usage, @Nullable Instant at) {
    var json = document(status(reason), output);
    if (reason == FinishReason.LENGTH || reason == FinishReason.CONTENT_FILTER) {
      json.putObject("incomplete_details").put("reason", incomplete(reason));
    }
    if (at != null) {
      json.put("completed_at", at.getEpochSecond());
    }
    json.set("usage", usage(usage));
    return json;
  }

  /** When it broke. */
  ObjectNode failed(List<ObjectNode> output, Failure failure) {
    var json = document("failed", output);
    var code = failure.code().status() == 429 ? "rate_limit_exceeded" : "server_error";
    json.putObject("error").put("code", code).put("message", failure.detail());
    return json;
  }

  /** When it was stopped on request. */
  ObjectNode cancelled(List<ObjectNode> output, Usage usage) {
    var json = document("cancelled", output);
    json.set("usage", usage(usage));
    return json;
  }

  /** The items of an answer that broke off. */
  List<ObjectNode> partial(String text, List<TokenLogprob> logprobs) {
    return text.isEmpty()
        ? List.of()
        : List.of(message("incomplete", List.of(text(text, logprobs))));
  }

  /** Its status at that end. */
  static String status(FinishReason reason) {
    return switch (reason) {
      case STOP, TOOL_CALLS -> "completed";
      case LENGTH, CONTENT_FILTER -> "incomplete";
    };
  }

  private static String incomplete(FinishReason reason) {
    return reason == FinishReason.LENGTH ? "max_output_tokens" : "content_filter";
  }

  private ObjectNode document(String status, List<ObjectNode> output) {
    var json = JSON.objectNode();
    json.put("id", id).put("object", "response").put("created_at", createdAt);
    json.putNull("completed_at").put("status", status).put("background", false);
    json.putNull("error").putNull("incomplete_details").putNull("conversation");
    json.putNull("previous_response_id").put("store", false).put("truncation", "disabled");
    json.setAll(echo.deepCopy());
    json.putArray("output").addAll(output);
    json.putNull("usage");
    return json;
  }

  /** The message as an item. */
  ObjectNode message(String status, List<JsonNode> content) {
    var item = JSON.objectNode().put("id", messageId).put("type", "message");
    item.put("status", status).put("role", "assistant").putArray("content").addAll(content);
    return item;
  }

  /** The message's one part. */
  static ObjectNode text(String text, List<TokenLogprob> logprobs) {
    var part = JSON.objectNode().put("type", "output_text").put("text", text);
    part.putArray("annotations");
    return part.set("logprobs", logprobs(logprobs));
  }

  /** Probabilities of tokens. */
  static JsonNode logprobs(List<TokenLogprob> logprobs) {
    return Wire.decode(LogprobsJson.list(Buffer.buffer(), logprobs), JsonNode.class);
  }

  /** A call as an item. */
  static ObjectNode call(ToolCall call, String status, String arguments) {
    return JSON.objectNode()
        .put("id", itemId(call))
        .put("type", "function_call")
        .put("status", status)
        .put("call_id", call.id())
        .put("name", call.name())
        .put("arguments", arguments);
  }

  /** The id of a call's item. */
  static String itemId(ToolCall call) {
    return "fc_" + call.id();
  }

  /**
   * The items of a whole answer: its message, where it says something or nothing else, and calls.
   */
  List<ObjectNode> items(
      String status, String text, List<TokenLogprob> logprobs, List<ToolCall> calls) {
    var items = new ArrayList<ObjectNode>();
    if (!text.isEmpty() || calls.isEmpty()) {
      items.add(message(status, List.of(text(text, logprobs))));
    }
    calls.forEach(call -> items.add(call(call, "completed", call.arguments())));
    return items;
  }

  private static ObjectNode usage(Usage usage) {
    var json = JSON.objectNode().put("input_tokens", usage.inputTokens());
    json.putObject("input_tokens_details")
        .put("cached_tokens", Objects.requireNonNullElse(usage.cachedTokens(), 0))
        .put("cache_write_tokens", 0);
    json.put("output_tokens", usage.outputTokens());
    json.putObject("output_tokens_details")
        .put("reasoning_tokens", Objects.requireNonNullElse(usage.thoughtTokens(), 0));
    return json.put("total_tokens", (long) usage.inputTokens() + usage.outputTokens());
  }
}
