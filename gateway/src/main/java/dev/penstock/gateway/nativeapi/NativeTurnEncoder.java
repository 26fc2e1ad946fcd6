package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.turns.ReconnectReason;
import dev.penstock.gateway.turns.SnapshotReason;
import dev.penstock.gateway.turns.TurnEncoder;
import dev.penstock.gateway.turns.TurnHead;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A turn's events in the native form (native-api.md section 4): {@code id: {turn}.{attempt}.{seq}},
 * {@code event:} the name, {@code data:} one JSON object whose {@code type} repeats it.
 */
final class NativeTurnEncoder implements TurnEncoder {
  private static final byte[] ID = utf8("id: ");
  private static final byte[] DELTA = utf8("event: delta\ndata: {\"type\":\"delta\",\"text\":");
  private static final byte[] SNAPSHOT = utf8("\nevent: snapshot\ndata: {\"type\":\"snapshot\"");
  private static final byte[] ATTEMPT = utf8(",\"attempt\":");
  private static final byte[] REASON = utf8(",\"reason\":\"");
  private static final byte[] TEXT = utf8("\",\"text\":");
  private static final byte[] END = utf8("}\n\n");

  @JsonPropertyOrder("type")
  private record Accepted(
      String type,
      UUID turnId,
      @Nullable UUID sessionId,
      int attempt,
      String model,
      @Nullable UUID messageId) {}

  private record Queued(String type, QueueReason reason, int position, long expectedWaitMs) {}

  private record Reconnect(String type, long retryAfterMs, String reason) {}

  @Override
  public void accepted(Buffer out, TurnHead turn, int attempt) {
    var data =
        new Accepted(
            "turn.accepted", turn.id(), turn.sessionId(), attempt, turn.model(), turn.messageId());
    SseWriter.event(out, id(turn, attempt, 0), data.type(), bytes(data));
  }

  @Override
  public void queued(Buffer out, QueuePlace place) {
    var data = new Queued("turn.queued", place.reason(), place.position(), place.expectedWaitMs());
    SseWriter.event(out, data.type(), bytes(data));
  }

  @Override
  public void delta(
      Buffer out, TurnHead turn, int attempt, int seq, byte[] utf8, int from, int to) {
    out.appendBytes(ID).appendString(id(turn, attempt, seq)).appendByte((byte) '\n');
    part(out, utf8, from, to);
  }

  @Override
  public void part(Buffer out, byte[] utf8, int from, int to) {
    JsonString.append(out.appendBytes(DELTA), utf8, from, to).appendBytes(END);
  }

  @Override
  public void snapshot(
      Buffer out,
      TurnHead turn,
      int attempt,
      int seq,
      int current,
      byte[] utf8,
      int to,
      SnapshotReason reason) {
    out.appendBytes(ID)
        .appendString(id(turn, attempt, seq))
        .appendBytes(SNAPSHOT)
        .appendBytes(ATTEMPT)
        .appendString(Integer.toString(current))
        .appendBytes(REASON)
        .appendString(reason.wire())
        .appendBytes(TEXT);
    JsonString.append(out, utf8, 0, to).appendBytes(END);
  }

  @Override
  public void terminal(Buffer out, TurnHead turn, int attempt, int seq, TerminalEvent event) {
    SseWriter.event(out, id(turn, attempt, seq), event.eventName(), bytes(event));
  }

  @Override
  public void reconnect(Buffer out, ReconnectReason reason, long retryAfterMs) {
    var data = new Reconnect("reconnect", retryAfterMs, reason.wire());
    SseWriter.event(out, data.type(), bytes(data));
  }

  @Override
  public void retry(Buffer out, int millis) {
    SseWriter.retry(out, millis);
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }

  private static String id(TurnHead turn, int attempt, int seq) {
    return turn.id() + "." + attempt + "." + seq;
  }

  private static byte[] bytes(Object data) {
    return Wire.encode(data).getBytes();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
