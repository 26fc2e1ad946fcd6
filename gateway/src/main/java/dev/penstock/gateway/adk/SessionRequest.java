package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A checked body that creates a session (adk-api.md section 3.1).
 *
 * @param id given, or made here
 * @param events to begin with, as they are to be kept
 */
record SessionRequest(String id, ObjectNode state, List<JsonNode> events) {
  private static final Set<String> WRAPPER =
      Set.of("state", "events", "session_id", "sessionId", "options");

  /** Reads the body of {@code POST …/sessions}; JSON null is as good as none. */
  static SessionRequest of(JsonNode body) {
    return body.isNull() ? read(null, empty()) : read(null, body);
  }

  /**
   * Reads the body of {@code POST …/sessions/{id}}: an object of nothing but the wrapper's members
   * is that wrapper, any other the state itself.
   */
  static SessionRequest of(String id, JsonNode body) {
    if (body.isNull()) {
      return read(id, empty());
    }
    var wrapped =
        !body.isObject()
            || body.properties().stream().allMatch(each -> WRAPPER.contains(each.getKey()));
    return read(id, wrapped ? body : empty().set("state", body));
  }

  private static SessionRequest read(@Nullable String id, JsonNode body) {
    return Fields.read(
        body,
        in -> {
          var given = in.text("sessionId");
          var state = in.map("state");
          return new SessionRequest(
              id(id == null ? given : id),
              state == null ? empty() : state,
              ImportedEvents.of(in.list("events"), in));
        });
  }

  private static String id(@Nullable String given) {
    var id = given == null ? "" : given.strip();
    return id.isEmpty() ? UUID.randomUUID().toString() : id;
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }
}
