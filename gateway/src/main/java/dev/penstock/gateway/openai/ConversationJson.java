package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Session;

/** A session as a conversation, and what is said of things that are gone. */
final class ConversationJson {
  private ConversationJson() {}

  static ObjectNode of(Session session) {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("id", PrefixedId.of(PrefixedId.CONVERSATION, session.id()))
            .put("object", "conversation")
            .put("created_at", session.createdAt().getEpochSecond());
    session.metadata().forEach(json.putObject("metadata")::put);
    return json;
  }

  /** {@code {"id":…,"object":…,"deleted":true}}. */
  static ObjectNode deleted(String id, String object) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("id", id)
        .put("object", object)
        .put("deleted", true);
  }
}
