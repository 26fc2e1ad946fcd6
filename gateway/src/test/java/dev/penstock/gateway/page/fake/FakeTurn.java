package dev.penstock.gateway.page.fake;

import dev.penstock.contracts.sse.SseWriter;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A turn of the fake: its log, its readers and the model at work. On the fake's context only. */
final class FakeTurn {
  static final Set<String> FINAL = Set.of("completed", "failed", "cancelled", "interrupted");

  private record Event(int seq, String name, JsonObject data) {}

  final String id;
  final FakeSession session;
  final String input;
  final String messageId;
  final @Nullable String regenerates;
  final @Nullable String continues;
  final String created = Instant.now().toString();
  String state = "accepted";
  String text = "";
  @Nullable JsonObject place;
  @Nullable String finishReason;
  @Nullable String failure;
  boolean withdrawn;
  private final Vertx vertx;
  private final Script script;
  private final String model;
  private final @Nullable String agent;
  private final List<Event> log = new ArrayList<>();
  private final Map<HttpServerResponse, Integer> readers = new LinkedHashMap<>();
  private final Runnable onFinal;
  private int delivered;
  private boolean waiting;
  private int allowed;

  FakeTurn(
      Vertx vertx,
      String id,
      FakeSession session,
      String input,
      String messageId,
      Script script,
      JsonObject body,
      @Nullable FakeTurn regenerated,
      @Nullable FakeTurn continued,
      Runnable onFinal) {
    this.vertx = vertx;
    this.id = id;
    this.session = session;
    this.input = input;
    this.messageId = messageId;
    this.script = script;
    this.model = body.getString("model", session.modelOrDefault());
    this.agent = body.getString("agent", session.agent);
    this.regenerates = regenerated == null ? null : regenerated.id;
    this.continues = continued == null ? null : continued.id;
    this.onFinal = onFinal;
    append(
        "turn.accepted",
        new JsonObject()
            .put("turn_id", id)
            .put("session_id", session.id)
            .put("attempt", 1)
            .put("model", model)
            .put("message_id", messageId));
    if (continued != null) {
      text = continued.text;
      append(
          "snapshot",
          new JsonObject().put("attempt", 1).put("text", text).put("reason", "continue"));
    }
  }

  boolean isFinal() {
    return FINAL.contains(state);
  }

  void start() {
    if (!script.queue().isEmpty()) {
      place = script.queue().getFirst();
      waiting = true;
      readers.keySet().forEach(this::tellPlace);
      return;
    }
    later();
  }

  /** Lets a held or queued turn go on; one that is not held will pass its next hold. */
  void release() {
    if (!waiting) {
      allowed++;
      return;
    }
    waiting = false;
    place = null;
    proceed();
  }

  /** Tells readers another place in the queue. */
  void move(JsonObject next) {
    place = next;
    readers.keySet().forEach(this::tellPlace);
  }

  private void later() {
    vertx.setTimer(Math.max(1, script.paceMs()), _ -> step());
  }

  private void step() {
    if (script.holds().contains(delivered) && allowed-- <= 0) {
      allowed = 0;
      waiting = true;
      return;
    }
    proceed();
  }

  private void proceed() {
    if (isFinal()) {
      return;
    }
    if (delivered < script.deltas().size()) {
      state = "streaming";
      var delta = script.deltas().get(delivered++);
      text += delta;
      append("delta", new JsonObject().put("text", delta));
      later();
      return;
    }
    end(script.outcome());
  }

  void cancel() {
    if (!isFinal()) {
      end("turn.cancelled");
    }
  }

  private void end(String name) {
    state = name.substring("turn.".length());
    place = null;
    var data = new JsonObject().put("message_id", text.isEmpty() ? null : "message-of-" + id);
    var usage = new JsonObject().put("input_tokens", 14).put("output_tokens", delivered);
    switch (name) {
      case "turn.completed" -> {
        finishReason = script.finishReason();
        data.put("finish_reason", finishReason)
            .put("usage", usage)
            .put("timings", timings())
            .put("sha256", sha256());
      }
      case "turn.failed" -> {
        failure = script.failure();
        data.put("code", failure).put("detail", "as the test said").put("retryable", true);
      }
      default -> data.put("usage", usage);
    }
    onFinal.run();
    append(name, data);
    readers.keySet().forEach(HttpServerResponse::end);
    readers.clear();
  }

  /** Follows the turn from after {@code position} on; deltas already there come as one (SSE-18). */
  void read(HttpServerResponse response, int position) {
    response.setChunked(true);
    response.putHeader("Content-Type", "text/event-stream; charset=utf-8");
    response.putHeader("Cache-Control", "no-store, no-transform");
    response.putHeader("X-Turn-Id", id);
    response.putHeader("X-Request-Id", "0199c1e2-req");
    response.write(replay(position));
    if (isFinal()) {
      response.end();
      return;
    }
    readers.put(response, position);
    response.closeHandler(_ -> readers.remove(response));
    tellPlace(response);
  }

  private Buffer replay(int position) {
    var out = Buffer.buffer();
    var merged = new StringBuilder();
    for (var event : log) {
      if (event.seq() <= position) {
        continue;
      }
      var next = event.seq() + 1 < log.size() ? log.get(event.seq() + 1).name() : "";
      if (event.name().equals("delta")) {
        merged.append(event.data().getString("text"));
        if (next.equals("delta")) {
          continue;
        }
        write(
            out, new Event(event.seq(), "delta", new JsonObject().put("text", merged.toString())));
        merged.setLength(0);
      } else {
        write(out, event);
      }
    }
    return out.length() == 0 ? SseWriter.keepAlive() : out;
  }

  /** A new owner starts over: what was shown no longer counts (turns.md T-25). */
  void startOver() {
    text = "";
    delivered = 0;
    if (waiting) {
      allowed++; // the hold it waits at lies before it once more
    }
    append(
        "snapshot",
        new JsonObject().put("attempt", 2).put("text", "").put("reason", "new_attempt"));
  }

  boolean hasAll(int position) {
    return isFinal() && position >= log.getLast().seq();
  }

  /** Resets every connection, as a network does. */
  void cut() {
    List.copyOf(readers.keySet()).forEach(HttpServerResponse::reset);
    readers.clear();
  }

  /** Says {@code reconnect} and ends every connection. */
  void sendAway(int retryAfterMs) {
    var out = Buffer.buffer();
    var data =
        new JsonObject()
            .put("type", "reconnect")
            .put("retry_after_ms", retryAfterMs)
            .put("reason", "drain");
    SseWriter.event(out, "reconnect", data.toBuffer().getBytes());
    List.copyOf(readers.keySet()).forEach(reader -> reader.end(out));
    readers.clear();
  }

  void keepAlive() {
    readers.keySet().forEach(reader -> reader.write(SseWriter.keepAlive()));
  }

  private void tellPlace(HttpServerResponse reader) {
    if (place != null) {
      var out = Buffer.buffer();
      SseWriter.event(
          out, "turn.queued", place.copy().put("type", "turn.queued").toBuffer().getBytes());
      reader.write(out);
    }
  }

  private void append(String name, JsonObject data) {
    var event = new Event(log.size(), name, data);
    log.add(event);
    var out = Buffer.buffer();
    write(out, event);
    readers.keySet().forEach(reader -> reader.write(out));
  }

  private void write(Buffer out, Event event) {
    SseWriter.event(
        out,
        id + ".1." + event.seq(),
        event.name(),
        event.data().copy().put("type", event.name()).toBuffer().getBytes());
  }

  private static JsonObject timings() {
    return new JsonObject()
        .put("queued_ms", 0)
        .put("load_ms", 0)
        .put("prefill_ms", 31)
        .put("first_token_ms", 38)
        .put("decode_ms", 122);
  }

  private String sha256() {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  JsonObject json() {
    var usage = new JsonObject().put("input_tokens", 14).put("output_tokens", delivered);
    var output =
        text.isEmpty() || !isFinal()
            ? null
            : new JsonObject()
                .put("message_id", "message-of-" + id)
                .put("text", text)
                .put("finish_reason", finishReason)
                .put("usage", usage)
                .put("sha256", sha256());
    var error =
        failure == null
            ? null
            : new JsonObject()
                .put("code", failure)
                .put("detail", "as the test said")
                .put("retryable", true);
    return new JsonObject()
        .put("id", id)
        .put("session_id", session.id)
        .put("state", state)
        .put("attempt", 1)
        .put("model", model)
        .put("agent", agent)
        .put("options", new JsonObject())
        .put("on_disconnect", "continue")
        .put("regenerates", regenerates)
        .put("continues", continues)
        .put("warnings", List.of())
        .put(
            "input",
            new JsonObject().put("message_id", withdrawn ? null : messageId).put("text", input))
        .put("output", output)
        .put("error", error)
        .put("queue", place == null ? null : place.copy())
        .put("timings", isFinal() ? timings() : null)
        .put("created_at", created)
        .put("finished_at", isFinal() ? created : null);
  }
}
