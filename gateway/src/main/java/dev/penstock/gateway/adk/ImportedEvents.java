package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Events that a session is created with, in the one spelling they are shown in and without what an
 * event may not hold (adk-api.md sections 1.3 and 3.1). Keys inside free maps stay as they are.
 */
final class ImportedEvents {
  private static final List<String> MEMBERS =
      List.of(
          "id",
          "invocationId",
          "author",
          "content",
          "timestamp",
          "finishReason",
          "usageMetadata",
          "errorCode",
          "errorMessage",
          "interrupted",
          "modelVersion",
          "branch",
          "customMetadata",
          "turnComplete");
  private static final List<String> PARTS =
      List.of(
          "text",
          "thought",
          "inlineData",
          "fileData",
          "functionCall",
          "functionResponse",
          "executableCode",
          "codeExecutionResult");
  private static final List<String> DATA = List.of("mimeType", "data", "displayName", "fileUri");
  private static final Set<String> OF_PEOPLE_IN_THE_LOOP =
      Set.of("adk_request_credential", "adk_request_confirmation", "adk_request_input");

  private ImportedEvents() {}

  /**
   * What is kept of those events; partial ones are not.
   *
   * @throws AdkException 400 for an event that cannot begin a session
   */
  static List<JsonNode> of(List<JsonNode> events, Fields in) {
    var kept = new ArrayList<JsonNode>();
    for (var i = 0; i < events.size(); i++) {
      var event = events.get(i);
      if (!event.isObject()) {
        in.fault("model_type", List.of("events", i), "Input should be an Event", event);
      } else if (!in.within(event, "events", i).flag("partial")) {
        in.within(event, "events", i).requiredText("author");
        require(event, i);
        kept.add(event(event));
      }
    }
    return kept;
  }

  private static void require(JsonNode event, int index) {
    var running = Fields.find(event, "longRunningToolIds");
    if (running != null && !running.isEmpty()) {
      throw refused(index, "long-running tools");
    }
    var actions = Fields.find(event, "actions");
    if (actions != null) {
      for (var action : actions.properties()) {
        var value = action.getValue();
        if (value.isValueNode() ? !value.isNull() : !value.isEmpty()) {
          throw refused(index, "actions." + action.getKey());
        }
      }
    }
    for (var name : event.findValuesAsText("name")) {
      if (OF_PEOPLE_IN_THE_LOOP.contains(name)) {
        throw refused(index, "a call of " + name);
      }
    }
  }

  private static AdkException refused(int index, String what) {
    return new AdkException(
        400, "Session initialization event " + index + " cannot include " + what + ".");
  }

  private static ObjectNode event(JsonNode given) {
    var event = only(given, MEMBERS);
    var content = event.get("content");
    if (content != null) {
      event.set("content", content(content));
    }
    return event;
  }

  private static ObjectNode content(JsonNode given) {
    var content = only(given, List.of("role"));
    var parts = content.putArray("parts");
    if (Fields.find(given, "parts") instanceof ArrayNode all) {
      all.forEach(part -> parts.add(part(part)));
    }
    return content;
  }

  private static ObjectNode part(JsonNode given) {
    var part = only(given, PARTS);
    for (var data : List.of("inlineData", "fileData")) {
      var value = part.get(data);
      if (value != null) {
        part.set(data, only(value, DATA));
      }
    }
    return part;
  }

  private static ObjectNode only(JsonNode given, List<String> members) {
    var kept = JsonNodeFactory.instance.objectNode();
    for (var member : members) {
      var value = Fields.find(given, member);
      if (value != null) {
        kept.set(member, value);
      }
    }
    return kept;
  }
}
