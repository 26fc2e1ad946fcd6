package dev.penstock.local.endtoend;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What belongs to one tenant, by the kinds of id that name it, and every request that can name it.
 *
 * @param session and what follows: ids as their dialect says them
 */
record ForeignIds(
    String session, String turn, String response, String conversation, String item, String agent) {
  private static final Pattern PARAMETER = Pattern.compile("\\{([^}]+)}");

  /** The person of the sessions that agents' clients call by app, user and id. */
  static final String PERSON = "alice";

  /** Names in paths that say nothing of whose it is. */
  private static final Map<String, String> COMMON =
      Map.ofEntries(
          Map.entry("model", "gemma3:270m"),
          Map.entry("version", "v1beta"),
          Map.entry("app", "production_agent"),
          Map.entry("user", PERSON),
          Map.entry("file", "x.js"),
          Map.entry("digest", "sha256:" + "0".repeat(64)),
          Map.entry("name", "artifact"),
          Map.entry("event", "event"),
          Map.entry("rest", "x"));

  /** A request, and the id in it. */
  record Ask(String method, String path, @Nullable String body, Map<String, String> headers) {
    Ask(String method, String path, @Nullable String body) {
      this(method, path, body, Map.of());
    }
  }

  /** Ids of the same form that nobody has. */
  ForeignIds ofNobody() {
    return new ForeignIds(
        unknown(session),
        unknown(turn),
        unknown(response),
        unknown(conversation),
        unknown(item),
        unknown(agent));
  }

  private static String unknown(String id) {
    return id.substring(0, id.length() - 6) + "0badc0";
  }

  /** All of them, so that an answer can be compared whatever they are. */
  List<String> all() {
    return List.of(session, turn, response, conversation, item, agent);
  }

  /**
   * The request of a described route, with these ids in it; empty if none stands in its path.
   *
   * @throws IllegalArgumentException if it has a parameter that is not known here
   */
  Optional<Ask> of(String method, String template) {
    var named = false;
    var path = new StringBuilder();
    var parameters = PARAMETER.matcher(template);
    while (parameters.find()) {
      var name = parameters.group(1);
      var id = id(template, name);
      named |= id != null;
      parameters.appendReplacement(path, id != null ? id : common(template, name));
    }
    parameters.appendTail(path);
    return named
        ? Optional.of(new Ask(method, path.toString(), body(method, template)))
        : Optional.empty();
  }

  private static String common(String template, String name) {
    var value = COMMON.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "{" + name + "} in " + template + " is no known kind of id");
    }
    return value;
  }

  private @Nullable String id(String template, String name) {
    return switch (name) {
      case "session" -> template.startsWith("/v1/") ? session : agent;
      case "turn" -> turn;
      case "response" -> response;
      case "conversation" -> conversation;
      case "item" -> item;
      default -> null;
    };
  }

  private static @Nullable String body(String method, String template) {
    if (method.equals("PATCH")) {
      return template.startsWith("/v1/") ? "{\"title\":\"mine\"}" : "{\"stateDelta\":{\"a\":1}}";
    }
    if (!method.equals("POST")) {
      return null;
    }
    return switch (template.substring(template.lastIndexOf('/') + 1)) {
      case "turns" -> "{\"input\":{\"text\":\"mine\"}}";
      case "{conversation}" -> "{\"metadata\":{\"mine\":\"1\"}}";
      case "items" -> "{\"items\":[{\"type\":\"message\",\"role\":\"user\",\"content\":\"mine\"}]}";
      case "artifacts" -> "{\"filename\":\"a\",\"artifact\":{\"text\":\"mine\"}}";
      case "cancel", "{session}:cancel" -> null;
      default -> "{}";
    };
  }

  /** Where ids stand that are in no path: bodies, queries, headers. */
  List<Ask> elsewhere(String ownSession) {
    var asks = new ArrayList<Ask>();
    var position = turn + ".1.0";
    asks.add(
        post(
            "/v1/responses",
            "{\"model\":\"gemma3:270m\",\"input\":\"x\",\"previous_response_id\":\""
                + response
                + "\"}"));
    asks.add(
        post(
            "/v1/responses",
            "{\"model\":\"gemma3:270m\",\"input\":\"x\",\"conversation\":\""
                + conversation
                + "\"}"));
    asks.add(
        post(
            "/v1/responses",
            "{\"model\":\"gemma3:270m\",\"input\":\"x\",\"conversation\":{\"id\":\""
                + conversation
                + "\"},\"stream\":true}"));
    asks.add(
        post(
            "/v1/responses",
            "{\"model\":\"gemma3:270m\",\"input\":[{\"type\":\"item_reference\",\"id\":\""
                + item
                + "\"}]}"));
    asks.add(
        post(
            "/v1/responses/input_tokens",
            "{\"model\":\"gemma3:270m\",\"input\":\"x\",\"previous_response_id\":\""
                + response
                + "\"}"));
    asks.add(
        post(
            "/v1/responses/input_tokens",
            "{\"model\":\"gemma3:270m\",\"input\":\"x\",\"conversation\":\""
                + conversation
                + "\"}"));
    asks.add(get("/v1/responses/" + response + "?stream=true&starting_after=0"));
    asks.add(get("/v1/turns/" + turn + "/events?last_event_id=" + position));
    asks.add(
        new Ask("GET", "/v1/turns/" + turn + "/events", null, Map.of("Last-Event-ID", position)));
    asks.add(
        new Ask(
            "POST",
            "/v1/sessions/" + ownSession + "/turns",
            "{\"input\":{\"text\":\"x\"}}",
            Map.of("Last-Event-ID", position)));
    for (var path : List.of("/run", "/run_sse")) {
      asks.add(
          post(
              path,
              """
              {"appName":"production_agent","userId":"%s","sessionId":"%s","streaming":false,\
              "newMessage":{"role":"user","parts":[{"text":"x"}]}}\
              """
                  .formatted(PERSON, agent)));
    }
    return asks;
  }

  private static Ask get(String path) {
    return new Ask("GET", path, null);
  }

  private static Ask post(String path, String body) {
    return new Ask("POST", path, body);
  }
}
