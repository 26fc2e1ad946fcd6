package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/**
 * Events of one run as lines of its stream, {@code data: {…}} and a blank line (adk-api.md section
 * 5.1). Of a partial event everything but its text, number and time is encoded once.
 */
final class EventLines {
  private static final byte[] PARTIAL = utf8("data: {\"content\":{\"parts\":[{\"text\":");

  private final byte[] middle;
  private final UUID turn;
  private int partials;

  EventLines(UUID turn, String author) {
    this.turn = turn;
    var head = Buffer.buffer("}],\"role\":\"model\"},\"partial\":true,\"invocationId\":");
    JsonString.append(head, EventJson.invocation(turn)).appendString(",\"author\":");
    JsonString.append(head, author)
        .appendString(
            ",\"actions\":{\"stateDelta\":{},\"artifactDelta\":{},\"requestedAuthConfigs\":{}},"
                + "\"id\":\"");
    this.middle = head.getBytes();
  }

  /** A partial event of {@code utf8[from, to)}, under an id of its own. */
  Buffer partial(byte[] utf8, int from, int to, Instant now) {
    var line = Buffer.buffer(PARTIAL.length + middle.length + to - from + 96).appendBytes(PARTIAL);
    return JsonString.append(line, utf8, from, to)
        .appendBytes(middle)
        .appendString(turn + "-" + ++partials + "\",\"timestamp\":" + EventJson.seconds(now))
        .appendString("}\n\n");
  }

  /** Any other event. */
  static Buffer event(JsonNode event) {
    return Buffer.buffer("data: " + event + "\n\n");
  }

  /** What went wrong where no text is worth an event (adk-api.md section 5.5). */
  static Buffer error(Failure failure, Instant now) {
    var type = failure.code().wire();
    var json = JsonNodeFactory.instance.objectNode().put("error", type + ": " + failure.detail());
    json.putObject("error_details")
        .put("error_type", type)
        .put("error_message", failure.detail())
        .put("timestamp", EventJson.seconds(now));
    return event(json);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
