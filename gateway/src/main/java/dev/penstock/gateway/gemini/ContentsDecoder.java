package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads {@code systemInstruction} and {@code contents} (gemini-api.md section 3.3). */
final class ContentsDecoder {
  private static final List<String> NOT_UNDERSTOOD =
      List.of("fileData", "executableCode", "codeExecutionResult");

  private final Conversation conversation = new Conversation();

  private ContentsDecoder() {}

  /** The history, system first; throws {@link GeminiException} that names the member at fault. */
  static List<ChatMessage> decode(Members request) {
    var decoder = new ContentsDecoder();
    decoder.system(request);
    var contents = request.find("contents");
    if (contents == null || contents.isEmpty()) {
      throw Members.invalid("contents", "an array of at least one content");
    }
    var before = decoder.conversation.messages().size();
    request.objects("contents").forEach(decoder::content);
    var messages = decoder.conversation.messages();
    if (messages.size() == before) {
      throw Members.invalid("contents", "something with text in it");
    }
    return messages;
  }

  private void system(Members request) {
    var instruction = request.object("systemInstruction");
    if (instruction == null) {
      return;
    }
    for (var part : instruction.objects("parts")) {
      var text = part.text("text");
      if (text == null) {
        throw Members.invalid(part.path(), "a part with text");
      }
      conversation.say(Role.SYSTEM, text);
    }
  }

  private void content(Members content) {
    var role = role(content);
    content.objects("parts").forEach(part -> part(part, role));
  }

  private static Role role(Members content) {
    var role = content.text("role");
    return switch (role == null ? "" : role.toLowerCase(Locale.ROOT)) {
      case "", "user", "function", "tool" -> Role.USER;
      case "model" -> Role.ASSISTANT;
      default -> throw Members.invalid(content.at("role"), "user or model");
    };
  }

  private void part(Members part, Role role) {
    for (var name : NOT_UNDERSTOOD) {
      if (part.find(name) != null) {
        throw Members.invalid(part.at(name), "absent, since such parts are not understood here");
      }
    }
    var text = part.text("text");
    var inline = part.object("inlineData");
    var call = part.object("functionCall");
    var response = part.object("functionResponse");
    if (part.flag("thought")) {
      return; // What a model thought is no part of what it is told again.
    }
    if (text != null && !text.isEmpty()) {
      conversation.say(role, text);
    }
    if (inline != null) {
      require(role == Role.USER, part.at("inlineData"), "in a content of the user's");
      conversation.show(image(inline));
    }
    if (call != null) {
      require(role == Role.ASSISTANT, part.at("functionCall"), "in a content of the model's");
      conversation.call(id(call), call.name("name"), object(call, "args"));
    }
    if (response != null) {
      require(role == Role.USER, part.at("functionResponse"), "in a content of the user's");
      conversation.result(id(response), response.name("name"), object(response, "response"));
    }
  }

  private static Image image(Members inline) {
    var type = inline.text("mimeType");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("image/")) {
      throw Members.invalid(inline.at("mimeType"), "an image's, such as image/png");
    }
    var data = inline.text("data");
    if (data == null || data.isEmpty()) {
      throw Members.invalid(inline.at("data"), "base64");
    }
    return new Image(type.toLowerCase(Locale.ROOT), base64(data, inline.at("data")));
  }

  /** Standard base64 with padding of either alphabet, padded or not. */
  private static String base64(String data, String field) {
    try {
      var standard = data.replace('-', '+').replace('_', '/');
      return Base64.getEncoder().encodeToString(Base64.getDecoder().decode(standard));
    } catch (IllegalArgumentException e) {
      throw Members.invalid(field, "base64");
    }
  }

  private static @Nullable String id(Members members) {
    var id = members.text("id");
    return id == null || id.isEmpty() ? null : id;
  }

  private static String object(Members members, String name) {
    JsonNode value = members.find(name);
    if (value == null) {
      return "{}";
    }
    require(value.isObject(), members.at(name), "an object");
    return value.toString();
  }

  private static void require(boolean holds, String field, String expected) {
    if (!holds) {
      throw Members.invalid(field, expected);
    }
  }
}
