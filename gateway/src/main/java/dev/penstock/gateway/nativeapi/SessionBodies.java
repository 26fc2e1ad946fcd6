package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.request.Members;
import dev.penstock.gateway.request.Names;
import dev.penstock.gateway.request.OptionsReader;
import dev.penstock.gateway.request.Texts;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code POST} and {@code PATCH} of sessions take (native-api.md section 2), checked. */
final class SessionBodies {
  private static final int MAX_TITLE = 200;
  private static final int MAX_USER = 128;
  private static final int MAX_INSTRUCTION_BYTES = 32 * 1024;
  private static final int MAX_PAIRS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;

  private SessionBodies() {}

  /** Reads the body of {@code POST /v1/sessions}. */
  static Session.Create create(JsonNode body, String key, String requestHash) {
    return Members.read(
        body,
        in ->
            new Session.Create(
                title(in),
                user(in),
                instruction(in),
                Names.agent(in),
                Names.model(in),
                OptionsReader.read(in),
                metadata(in),
                key,
                requestHash));
  }

  /**
   * Reads a merge patch (RFC 7396): members as in {@code POST} but {@code user}, each or a part of
   * it null to remove it.
   *
   * @return the patch with its text made storable
   */
  static ObjectNode patch(JsonNode body) {
    return Members.read(
        body,
        in -> {
          title(in);
          instruction(in);
          Names.agent(in);
          Names.model(in);
          OptionsReader.read(in);
          metadata(in);
          return (ObjectNode) storable(body);
        });
  }

  private static @Nullable String title(Members in) {
    return in.text("title", 0, MAX_TITLE);
  }

  private static @Nullable String instruction(Members in) {
    return in.utf8("instruction", MAX_INSTRUCTION_BYTES);
  }

  private static @Nullable String user(Members in) {
    var node = in.find("user");
    var user = in.text("user", 1, MAX_USER);
    if (node != null && node.isTextual() && !isName(node.textValue())) {
      in.wrong("user", "not blank and without control characters");
    }
    return user;
  }

  private static boolean isName(String text) {
    return !text.isBlank() && text.codePoints().noneMatch(Character::isISOControl);
  }

  private static Map<String, String> metadata(Members in) {
    return in.object("metadata", Map.of(), SessionBodies::pairs);
  }

  private static Map<String, String> pairs(Members in) {
    var pairs = new LinkedHashMap<String, String>();
    for (var name : in.names()) {
      var value = in.text(name, 0, MAX_VALUE);
      if (!Texts.hasCodePoints(name, 1, MAX_KEY)) {
        in.wrong(name, "a key of 1 to " + MAX_KEY + " characters");
      } else if (value != null) {
        pairs.put(StorableText.of(name), value);
      }
    }
    if (pairs.size() > MAX_PAIRS) {
      in.wrong("", "at most " + MAX_PAIRS + " pairs");
    }
    return pairs;
  }

  private static JsonNode storable(JsonNode node) {
    if (node.isTextual()) {
      return Wire.JSON.getNodeFactory().textNode(StorableText.of(node.textValue()));
    }
    if (node.isArray()) {
      var array = Wire.JSON.createArrayNode();
      node.forEach(each -> array.add(storable(each)));
      return array;
    }
    if (node.isObject()) {
      var object = Wire.JSON.createObjectNode();
      node.properties()
          .forEach(each -> object.set(StorableText.of(each.getKey()), storable(each.getValue())));
      return object;
    }
    return node;
  }
}
