package dev.penstock.gateway.page.fake;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session of the fake and the messages its turns left. */
final class FakeSession {
  final String id;
  final List<FakeTurn> turns = new ArrayList<>();
  final List<JsonObject> seeded = new ArrayList<>();
  @Nullable String title;
  @Nullable String model;
  @Nullable String agent;
  JsonObject options = new JsonObject();
  int version = 1;
  long updated;

  FakeSession(String id, JsonObject body, long now) {
    this.id = id;
    title = body.getString("title");
    model = body.getString("model");
    agent = body.getString("agent");
    options = body.getJsonObject("options", options);
    updated = now;
  }

  String modelOrDefault() {
    return model == null ? "gemma3:270m" : model;
  }

  @Nullable FakeTurn active() {
    return turns.stream().filter(turn -> !turn.isFinal()).findFirst().orElse(null);
  }

  void touch(long now) {
    version++;
    updated = now;
  }

  /** Applies a merge patch, options included. */
  void patch(JsonObject patch) {
    title = patch.getString("title", title);
    if (patch.containsKey("model")) {
      model = patch.getString("model");
    }
    if (patch.containsKey("agent")) {
      agent = patch.getString("agent");
    }
    for (var option : patch.getJsonObject("options", new JsonObject())) {
      if (option.getValue() == null) {
        options.remove(option.getKey());
      } else {
        options.put(option.getKey(), option.getValue());
      }
    }
  }

  /** Adds messages as if turns had been long ago. */
  void seed(String question, String answer) {
    var ordinal = seeded.size();
    seeded.add(message("seed-" + ordinal, null, ordinal, "user", question, "complete"));
    seeded.add(
        message("seed-" + (ordinal + 1), null, ordinal + 1, "assistant", answer, "complete"));
  }

  /** The messages in order; of regenerated and continued answers the newest. */
  List<JsonObject> messages() {
    var messages = new ArrayList<>(seeded);
    for (var turn : turns) {
      if (turn.withdrawn || turn.regenerates != null || turn.continues != null) {
        continue;
      }
      messages.add(
          message(turn.messageId, turn.id, messages.size(), "user", turn.input, "complete"));
      var newest =
          turns.stream()
              .filter(other -> other.messageId.equals(turn.messageId))
              .filter(other -> other.isFinal() && !other.text.isEmpty())
              .reduce((_, later) -> later);
      newest.ifPresent(
          other ->
              messages.add(
                  message(
                          "message-of-" + other.id,
                          other.id,
                          messages.size(),
                          "assistant",
                          other.text,
                          other.state.equals("completed") ? "complete" : "partial")
                      .put("finish_reason", other.finishReason)));
    }
    return messages;
  }

  private JsonObject message(
      String messageId,
      @Nullable String turnId,
      int ordinal,
      String role,
      String text,
      String status) {
    return new JsonObject()
        .put("id", messageId)
        .put("session_id", id)
        .put("turn_id", turnId)
        .put("ordinal", ordinal)
        .put("role", role)
        .put("text", text)
        .put("model", role.equals("assistant") ? modelOrDefault() : null)
        .put("status", status)
        .put("finish_reason", null)
        .put("usage", null)
        .put("created_at", "2026-11-21T10:00:00.000Z");
  }

  JsonObject json() {
    var active = active();
    return new JsonObject()
        .put("id", id)
        .put("title", title)
        .put("user", null)
        .put("instruction", null)
        .put("agent", agent)
        .put("model", model)
        .put("options", options.copy())
        .put("metadata", new JsonObject())
        .put("version", version)
        .put("message_count", messages().size())
        .put("active_turn_id", active == null ? null : active.id)
        .put("created_at", "2026-11-21T10:00:00.000Z")
        .put("updated_at", "2026-11-21T10:00:%09d".formatted(updated));
  }

  static JsonObject page(List<JsonObject> all, int limit, @Nullable String after) {
    var from = after == null ? 0 : Integer.parseInt(after);
    var to = Math.min(all.size(), from + limit);
    return new JsonObject()
        .put("data", new JsonArray(all.subList(from, to)))
        .put("next_cursor", to == all.size() ? null : String.valueOf(to));
  }
}
