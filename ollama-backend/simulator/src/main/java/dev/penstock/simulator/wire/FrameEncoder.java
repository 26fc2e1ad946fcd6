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
  private final int topLogprobs;

  private FrameEncoder(Route route, String start, int topLogprobs) {
    this.route = route;
    this.start = start;
    this.topLogprobs = topLogprobs;
  }

  private static FrameEncoder of(Route route, String model) {
    var json = new StringBuilder("{\"model\":");
    GoJson.appendString(json, model);
    return new FrameEncoder(route, json.append(",\"created_at\":\"").toString(), -1);
  }

  /** Of {@code /api/chat}; {@code model} is echoed as the request named it. */
  public static FrameEncoder ofChat(String model) {
    return of(Route.CHAT, model);
  }

  /** Of {@code /api/generate}. */
  public static FrameEncoder ofGenerate(String model) {
    return of(Route.GENERATE, model);
  }

  /**
   * The same, with the probabilities of what is said.
   *
   * @param top how many of the likeliest tokens are told at each place
   */
  public FrameEncoder scoring(int top) {
    return new FrameEncoder(route, start, top);
  }

  /** A frame with a piece of the answer. */
  public Buffer said(Instant at, Said said) {
    return line(unfinishedFrame(at, said));
  }

  /**
   * The last frame, without text.
   *
   * @param context of {@code /api/generate}, all tokens of prompt and answer; empty leaves it out
   */
  public Buffer done(Instant at, DoneReason reason, int[] context, GenerationMetrics metrics) {
    return line(end(at, Said.NOTHING, reason, context, metrics));
  }

  /** The one object of an answer that is not streamed; without the line's end. */
  public Buffer whole(
      Instant at, Said said, DoneReason reason, int[] context, GenerationMetrics metrics) {
    return Buffer.buffer(end(at, said, reason, context, metrics).toString());
  }

  /** The one object of an answer that ended without a final frame; without the line's end. */
  public Buffer unfinished(Instant at, Said said) {
    return Buffer.buffer(unfinishedFrame(at, said).toString());
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

  private StringBuilder unfinishedFrame(Instant at, Said said) {
    return logprobs(begin(at, said).append(",\"done\":false"), said).append('}');
  }

  private StringBuilder logprobs(StringBuilder json, Said said) {
    if (topLogprobs >= 0 && !said.tokens().isEmpty()) {
      Logprobs.append(json.append(",\"logprobs\":"), said.tokens(), topLogprobs);
    }
    return json;
  }

  private StringBuilder begin(Instant at, Said said) {
    var text = said.content();
    var thoughts = said.thinking();
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
    if (said.toolCalls() != null) {
      json.append(",\"tool_calls\":").append(said.toolCalls());
    }
    return route == Route.CHAT ? json.append('}') : json;
  }

  private StringBuilder end(
      Instant at, Said said, DoneReason reason, int[] context, GenerationMetrics metrics) {
    var json = begin(at, said);
    json.append(",\"done\":true,\"done_reason\":\"").append(reason.wire()).append('"');
    if (context.length > 0) {
      json.append(",\"context\":[").append(context[0]);
      for (var i = 1; i < context.length; i++) {
        json.append(',').append(context[i]);
      }
      json.append(']');
    }
    metrics.appendTo(logprobs(json, said));
    return json.append('}');
  }

  private static Buffer line(StringBuilder json) {
    return Buffer.buffer(json.append('\n').toString());
  }
}
