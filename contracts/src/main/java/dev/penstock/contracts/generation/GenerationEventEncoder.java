package dev.penstock.contracts.generation;

import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes generation events as the proxy's {@code POST /generations} sends them: {@code event:} is
 * the case's name in lower case, {@code data:} the record's members, as in {@code event: delta},
 * {@code data: {"text":"Hi"}}.
 */
public final class GenerationEventEncoder {
  private static final byte[] DELTA_START = utf8("event: delta\ndata: {\"text\":");
  private static final byte[] THOUGHT_START = utf8("event: thought\ndata: {\"text\":");
  private static final byte[] TEXT_END = utf8("}\n\n");

  private GenerationEventEncoder() {}

  /** Appends one whole event, its blank line included. */
  public static Buffer append(Buffer out, GenerationEvent event) {
    return switch (event) {
      case GenerationEvent.Delta(var text) ->
          JsonString.append(out.appendBytes(DELTA_START), text).appendBytes(TEXT_END);
      case GenerationEvent.Thought(var text) ->
          JsonString.append(out.appendBytes(THOUGHT_START), text).appendBytes(TEXT_END);
      case GenerationEvent.Scored _ -> append(out, "scored", event);
      case GenerationEvent.Called _ -> append(out, "called", event);
      case GenerationEvent.Queued _ -> append(out, "queued", event);
      case GenerationEvent.Started _ -> append(out, "started", event);
      case GenerationEvent.Finished _ -> append(out, "finished", event);
      case GenerationEvent.Failed _ -> append(out, "failed", event);
    };
  }

  private static Buffer append(Buffer out, String name, GenerationEvent event) {
    return SseWriter.event(out, name, Wire.encode(event).getBytes());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
