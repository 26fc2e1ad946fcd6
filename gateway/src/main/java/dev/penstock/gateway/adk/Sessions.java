package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import org.jspecify.annotations.Nullable;

/** What the routes of sessions and runs have in common. */
final class Sessions {
  private Sessions() {}

  /** Whether a call failed because there is no such session. */
  static boolean isUnknown(Throwable cause) {
    return cause instanceof FailureException known
        && known.failure().code() == FailureCode.NOT_FOUND;
  }

  /** A delta without the keys that last for one invocation only. */
  static ObjectNode lasting(ObjectNode delta) {
    var lasting = JsonNodeFactory.instance.objectNode();
    delta.properties().stream()
        .filter(each -> !each.getKey().startsWith("temp:"))
        .forEach(each -> lasting.set(each.getKey(), each.getValue()));
    return lasting;
  }

  /** The name that ADK Web gives a session in its state; null where it gives none. */
  static @Nullable String title(JsonNode state) {
    var name = state.path("__session_metadata__").path("displayName");
    return name.isTextual() && !name.textValue().isBlank() ? name.textValue() : null;
  }
}
