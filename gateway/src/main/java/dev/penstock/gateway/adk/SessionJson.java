package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.AgentSession;

/** A session as ADK shows it (adk-api.md section 3.2). */
final class SessionJson {
  private SessionJson() {}

  static ObjectNode of(AgentSession session) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", session.key().id())
            .put("appName", session.key().app())
            .put("userId", session.key().user());
    json.set("state", session.state());
    var events = json.putArray("events");
    session.entries().forEach(entry -> add(events, entry, session.key().app()));
    return json.put("lastUpdateTime", EventJson.seconds(session.updatedAt()));
  }

  private static void add(ArrayNode events, AgentSession.Entry entry, String app) {
    switch (entry) {
      case AgentSession.Entry.Said(var message, var extra, var turn) -> {
        if (message.role() == Role.ASSISTANT) {
          events.add(EventJson.of(Finished.of(message, turn), app));
        } else if (message.role() != Role.SYSTEM) {
          events.add(EventJson.given(message, extra, app));
        }
      }
      case AgentSession.Entry.Unanswered unanswered ->
          events.add(EventJson.of(Finished.of(unanswered), app));
      case AgentSession.Entry.Kept(var id, var event, var at) ->
          events.add(EventJson.kept(id, event, at));
    }
  }
}
