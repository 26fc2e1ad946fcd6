package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.contracts.turn.StorableText;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the bodies of {@code /v1/conversations} (openai-api.md section 9.1). */
final class ConversationDecoder {
  private static final int MAX_ITEMS = 20;

  private ConversationDecoder() {}

  /** The metadata of a new conversation; empty where there is none. */
  static Map<String, String> metadata(JsonNode body) {
    return pairs(SharedMembers.of(body).find("metadata"));
  }

  /** The metadata that an update requires; null is none. */
  static Map<String, String> requiredMetadata(JsonNode body) {
    if (!SharedMembers.of(body).object().has("metadata")) {
      throw Members.invalid("metadata", "an object");
    }
    return metadata(body);
  }

  private static Map<String, String> pairs(@Nullable JsonNode metadata) {
    SharedMembers.checkMetadata(metadata);
    var pairs = new LinkedHashMap<String, String>();
    if (metadata != null) {
      for (var pair : metadata.properties()) {
        if (pair.getKey().isEmpty()) {
          throw Members.invalid("metadata", "pairs whose keys are not empty");
        }
        pairs.put(StorableText.of(pair.getKey()), StorableText.of(pair.getValue().textValue()));
      }
    }
    return pairs;
  }

  /** The items that a new conversation begins with, at most 20; an empty array where none are. */
  static JsonNode items(JsonNode body) {
    var items = SharedMembers.of(body).find("items");
    return items == null ? JsonNodeFactory.instance.arrayNode() : checked(items, 0);
  }

  /** The items that are to be added, 1 to 20. */
  static JsonNode requiredItems(JsonNode body) {
    var items = SharedMembers.of(body).find("items");
    if (items == null) {
      throw Members.invalid("items", "an array of 1 to " + MAX_ITEMS + " items");
    }
    return checked(items, 1);
  }

  private static JsonNode checked(JsonNode items, int least) {
    if (!items.isArray() || items.size() < least || items.size() > MAX_ITEMS) {
      throw Members.invalid("items", "an array of " + least + " to " + MAX_ITEMS + " items");
    }
    return items;
  }
}
