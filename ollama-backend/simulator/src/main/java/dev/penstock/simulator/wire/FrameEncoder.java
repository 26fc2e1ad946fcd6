package dev.penstock.simulator.wire;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;

/**
 * Encodes the NDJSON frames of {@code /api/chat} or {@code /api/generate}, byte for byte as Ollama
 * does: members in Go's struct order, HTML signs escaped, one {@code LF} at the end.
 *
 * <pre>
 * {"model":"m","created_at":"2026-03-02T10:11:12.1Z","message":{"role":"assistant","content":" no"},"done":false}
 * {"model":"m","created_at":"2026-03-02T10:11:12.1Z","response":" no","done":false}
 * </pre>
 *
 * @see <a href="https://github.com/ollama/ollama/blob/main/docs/api.md">Ollama, API</a>
 */
public final class FrameEncoder {
  private enum Route {
    CHAT,
    GENERATE
  }

  private final Route route;
  private final String start;

  private FrameEncoder(Route route, String model) {
    this.route = route;
    var json = new StringBuilder("{\"model\":");
    GoJson.appendString(json, model);
    this.start = json.append(",\"created_at\":\"").toString();
  }

  /** Of {@code /api/chat}; {@code model} is echoed as the request named it. */
  public static FrameEncoder ofChat(String model) {
    return new FrameEncoder(Route.CHAT, model);
  }

  /** Of {@code /api/generate}. */
  public static FrameEncoder ofGenerate(String model) {
    return new FrameEncoder(Route.GENERATE, model);
  }

  /** A frame with text of the answer. */
  public Buffer content(Instant at, String text) {
    return line(begin(at, text, "").append(",\"done\":false}"));
  }

  /** A frame with a thought. */
  public Buffer thinking(Instant at, String text) {
    return line(begin(at, "", text).append(",\"done\":false}"));
  }

  /**
   * The last frame, without text.
   *
   * @param context of {@code /api/generate}, all tokens of prompt and answer; empty leaves it out
   */
  public Buffer done(Instant at, DoneReason reason, int[] context, GenerationMetrics metrics) {
    return line(end(begin(at, "", ""), reason, context, metrics));
  }

  /** The one object of an answer that is not streamed; without the line's end. */
  public Buffer whole(
      Instant at,
      String text,
      String thoughts,
      DoneReason reason,
      int[] context,
      GenerationMetrics metrics) {
    return Buffer.buffer(end(begin(at, text, thoughts), reason, context, metrics).toString());
  }

  /** The one object of an answer that ended without a final frame; without the line's end. */
  public Buffer unfinished(Instant at, String text, String thoughts) {
    return Buffer.buffer(begin(at, text, thoughts).append(",\"done\":false}").toString());
  }

  /** What {@code _debug_render_only} answers; without the line's end. */
  public Buffer rendered(Instant at, String prompt) {
    var json = new StringBuilder(start);
    GoTime.append(json, at);
    json.append(
        route == Route.CHAT
            ? "\",\"message\":{\"role\":\"\",\"content\":\"\"}"
            : "\",\"response\":\"\"");
    json.append(",\"done\":false,\"_debug_info\":{\"rendered_template\":");
    GoJson.appendString(json, prompt);
    return Buffer.buffer(json.append("}}").toString());
  }

  private StringBuilder begin(Instant at, String text, String thoughts) {
    var json = new StringBuilder(start.length() + 96 + text.length() + thoughts.length());
    GoTime.append(json.append(start), at);
    json.append(
        route == Route.CHAT
            ? "\",\"message\":{\"role\":\"assistant\",\"content\":\""
            : "\",\"response\":\"");
    GoJson.append(json, text);
    json.append('"');
    if (!thoughts.isEmpty()) {
      GoJson.appendString(json.append(",\"thinking\":"), thoughts);
    }
    return route == Route.CHAT ? json.append('}') : json;
  }

  private static StringBuilder end(
      StringBuilder json, DoneReason reason, int[] context, GenerationMetrics metrics) {
    json.append(",\"done\":true,\"done_reason\":\"").append(reason.wire()).append('"');
    if (context.length > 0) {
      json.append(",\"context\":[").append(context[0]);
      for (var i = 1; i < context.length; i++) {
        json.append(',').append(context[i]);
      }
      json.append(']');
    }
    metrics.appendTo(json);
    return json.append('}');
  }

  private static Buffer line(StringBuilder json) {
    return Buffer.buffer(json.append('\n').toString());
  }
}
