package dev.penstock.session.adk;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.session.AgentSession;
import dev.penstock.session.database.Columns;
import dev.penstock.session.state.Scopes;
import io.vertx.sqlclient.Row;
import java.util.List;

/** A session's row, as clients of agents see it. */
final class StoredAgentSession {
  /** Where their pages keep a session's name; one that was made natively has it as its title. */
  private static final String METADATA = "__session_metadata__";

  private StoredAgentSession() {}

  static AgentSession read(Row row, AgentSession.Key asked) {
    return read(new Columns(row), asked);
  }

  /** Without entries; its key has its own id. */
  static AgentSession read(Columns in, AgentSession.Key asked) {
    var id = in.uuid();
    var externalId = in.textOrNull();
    var title = in.textOrNull();
    var own = in.json(JsonNode.class);
    var state = Scopes.merged(own, in.jsonOrNull(JsonNode.class), in.jsonOrNull(JsonNode.class));
    if (externalId == null && title != null && !state.has(METADATA)) {
      state.putObject(METADATA).put("displayName", title);
    }
    var key =
        new AgentSession.Key(
            asked.app(), asked.user(), externalId == null ? id.toString() : externalId);
    return new AgentSession(id, key, state, List.of(), in.uuidOrNull(), in.instant());
  }

  static AgentSession with(AgentSession session, List<AgentSession.Entry> entries) {
    return new AgentSession(
        session.id(),
        session.key(),
        session.state(),
        entries,
        session.activeTurnId(),
        session.updatedAt());
  }
}
