package dev.penstock.gateway.adk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.AgentSession;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A checked body of {@code POST /run} or {@code /run_sse} (adk-api.md section 4).
 *
 * @param text of the new message
 * @param streaming whether partial events are wanted
 * @param stateDelta merged into the session's state with the message; null for none
 * @param customMetadata copied to the run's events; null for none
 */
record RunRequest(
    AgentSession.Key session,
    String text,
    boolean streaming,
    @Nullable ObjectNode stateDelta,
    @Nullable ObjectNode customMetadata) {

  private static final int MAX_TEXT_BYTES = 262_144;
  private static final List<String> NOT_TEXT =
      List.of(
          "inlineData",
          "fileData",
          "functionCall",
          "functionResponse",
          "executableCode",
          "codeExecutionResult");

  /**
   * Reads a body.
   *
   * @param defaultApp the app where the body names none; null if it must
   * @throws AdkException 422 naming each fault, 400 without an app or with what only resumable apps
   *     take
   */
  static RunRequest of(JsonNode body, @Nullable String defaultApp) {
    var read =
        Fields.read(
            body,
            in -> {
              var app = in.text("appName");
              return new RunRequest(
                  new AgentSession.Key(
                      app == null ? "" : app,
                      in.requiredText("userId"),
                      in.requiredText("sessionId")),
                  text(in),
                  in.flag("streaming"),
                  in.map("stateDelta"),
                  in.map("customMetadata"));
            });
    if (!read.session.app().isEmpty()) {
      return read;
    }
    if (defaultApp == null) {
      throw new AdkException(400, "app_name is required, as no default app is configured.");
    }
    var key = new AgentSession.Key(defaultApp, read.session.user(), read.session.id());
    return new RunRequest(key, read.text, read.streaming, read.stateDelta, read.customMetadata);
  }

  private static String text(Fields in) {
    var message = in.find("newMessage");
    if (message == null) {
      var invocation = in.text("invocationId");
      if (invocation != null) {
        throw new AdkException(
            400, "Invocation " + invocation + " cannot be resumed; send a new message.");
      }
      in.missing("newMessage");
      return "";
    }
    if (!message.isObject()) {
      in.fault("dict_type", List.of("newMessage"), "Input should be a valid dictionary", message);
      return "";
    }
    var content = in.within(message, "newMessage");
    var role = content.text("role");
    if (role != null && !role.equals("user")) {
      content.fault("literal_error", List.of("role"), "Input should be 'user'", message);
    }
    return text(content, message);
  }

  private static String text(Fields content, JsonNode message) {
    var texts = new ArrayList<String>();
    var parts = content.list("parts");
    for (var i = 0; i < parts.size(); i++) {
      var part = content.within(parts.get(i), "parts", i);
      for (var kind : NOT_TEXT) {
        if (part.find(kind) != null) {
          part.fault("unsupported_part", List.of(kind), "Only text is taken here", parts.get(i));
        }
      }
      var text = part.text("text");
      if (text != null) {
        texts.add(text);
      }
    }
    var whole = String.join("\n", texts);
    var bytes = whole.getBytes(StandardCharsets.UTF_8).length;
    if (whole.isBlank()) {
      content.fault("value_error", List.of("parts"), "No parts in the new_message.", message);
    } else if (bytes > MAX_TEXT_BYTES) {
      content.fault(
          "too_long",
          List.of("parts"),
          "The text may have " + MAX_TEXT_BYTES + " bytes at most",
          IntNode.valueOf(bytes));
    }
    return whole;
  }
}
