package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A turn as clients see it (native-api.md section 3): what is internal left out. */
public final class TurnJson {
  private TurnJson() {}

  /** The document of one turn. */
  public static ObjectNode of(Turn turn) {
    ObjectNode json = Wire.JSON.createObjectNode();
    json.put("id", turn.id().toString());
    json.put("session_id", text(turn.sessionId()));
    json.set("state", Wire.JSON.valueToTree(turn.state()));
    json.put("attempt", turn.attempt());
    json.put("model", turn.model());
    json.put("agent", turn.agent());
    json.set("options", Wire.JSON.valueToTree(turn.options()));
    json.set("on_disconnect", Wire.JSON.valueToTree(turn.onDisconnect()));
    json.put("regenerates", text(turn.regenerates()));
    json.put("continues", text(turn.continues()));
    json.set("warnings", Wire.JSON.valueToTree(turn.warnings()));
    json.set("input", Wire.JSON.valueToTree(turn.input()));
    json.set("output", Wire.JSON.valueToTree(turn.output()));
    json.set("error", Wire.JSON.valueToTree(turn.error()));
    json.set("queue", queue(turn));
    json.set("timings", Wire.JSON.valueToTree(turn.timings()));
    json.set("created_at", Wire.JSON.valueToTree(turn.createdAt()));
    json.set("finished_at", Wire.JSON.valueToTree(turn.finishedAt()));
    return json;
  }

  /** The document of a page of turns. */
  public static ObjectNode page(List<Turn> turns, @Nullable String nextCursor) {
    ObjectNode json = Wire.JSON.createObjectNode();
    var data = json.putArray("data");
    turns.forEach(turn -> data.add(of(turn)));
    json.put("next_cursor", nextCursor);
    return json;
  }

  // The reason of a wait is told by the event turn.queued alone.
  private static @Nullable ObjectNode queue(Turn turn) {
    var place = turn.queue();
    return place == null
        ? null
        : Wire.JSON
            .createObjectNode()
            .put("position", place.position())
            .put("expected_wait_ms", place.expectedWaitMs());
  }

  private static @Nullable String text(@Nullable UUID id) {
    return id == null ? null : id.toString();
  }
}
