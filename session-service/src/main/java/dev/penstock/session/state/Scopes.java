package dev.penstock.session.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.http.Bodies;
import org.jspecify.annotations.Nullable;

/**
 * A state by scope, as adk-api.md section 3.3 tells its keys apart: {@code app:} and {@code user:}
 * keys without their prefix, and those of the session; {@code temp:} keys are in none.
 */
public record Scopes(ObjectNode session, ObjectNode user, ObjectNode app) {
  private static final String APP = "app:";
  private static final String USER = "user:";
  private static final String TEMP = "temp:";

  /**
   * The scopes of one object.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code invalid_request} if it is none
   */
  public static Scopes of(JsonNode state) {
    if (!state.isObject()) {
      throw Bodies.invalid("A state must be an object.");
    }
    var nodes = Wire.JSON.getNodeFactory();
    var scopes = new Scopes(nodes.objectNode(), nodes.objectNode(), nodes.objectNode());
    state.properties().forEach(each -> scopes.put(each.getKey(), each.getValue()));
    return scopes;
  }

  private void put(String key, JsonNode value) {
    if (key.startsWith(APP)) {
      app.set(key.substring(APP.length()), value);
    } else if (key.startsWith(USER)) {
      user.set(key.substring(USER.length()), value);
    } else if (!key.startsWith(TEMP)) {
      session.set(key, value);
    }
  }

  /** All of them as one object again, each key under its prefix. */
  public static ObjectNode merged(
      JsonNode session, @Nullable JsonNode user, @Nullable JsonNode app) {
    ObjectNode merged = session.deepCopy();
    putAll(merged, USER, user);
    putAll(merged, APP, app);
    return merged;
  }

  private static void putAll(ObjectNode into, String prefix, @Nullable JsonNode scope) {
    if (scope != null) {
      scope.properties().forEach(each -> into.set(prefix + each.getKey(), each.getValue()));
    }
  }
}
