package dev.penstock.session.sessions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.http.Bodies;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a session's changeable members become under a JSON merge patch (RFC 7396): null removes a
 * member, objects are merged member by member.
 *
 * @param options never null; empty for none
 * @param metadata never null
 */
record SessionPatch(
    @Nullable String title,
    @Nullable String instruction,
    @Nullable String agent,
    @Nullable String model,
    GenerationOptions options,
    Map<String, String> metadata) {

  private static final Set<String> MEMBERS =
      Set.of("title", "instruction", "agent", "model", "options", "metadata");
  private static final int MAX_METADATA_PAIRS = 16;

  static SessionPatch of(Session session) {
    return new SessionPatch(
        session.title(),
        session.instruction(),
        session.agent(),
        session.model(),
        session.options(),
        session.metadata());
  }

  /**
   * This with {@code patch} merged into it.
   *
   * @throws FailureException {@code invalid_request} for a member there is not, a wrong type, or
   *     more metadata than allowed
   */
  SessionPatch merge(JsonNode patch) {
    if (!patch.isObject()) {
      throw Bodies.invalid("The patch must be an object.");
    }
    patch
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!MEMBERS.contains(name)) {
                throw Bodies.invalid(name + " cannot be changed.");
              }
            });
    var metadata = metadata(merged(Wire.JSON.valueToTree(this.metadata), patch, "metadata"));
    return new SessionPatch(
        text(patch, "title", title),
        text(patch, "instruction", instruction),
        text(patch, "agent", agent),
        text(patch, "model", model),
        Bodies.strictly(
            merged(Wire.JSON.valueToTree(options), patch, "options"),
            GenerationOptions.class,
            "options"),
        metadata);
  }

  /**
   * Metadata as a whole.
   *
   * @throws FailureException {@code invalid_request} for a value that is no string, or too many
   */
  static Map<String, String> metadata(ObjectNode node) {
    if (node.size() > MAX_METADATA_PAIRS) {
      throw Bodies.invalid("metadata may have " + MAX_METADATA_PAIRS + " pairs at most.");
    }
    var metadata = new LinkedHashMap<String, String>();
    for (var pair : node.properties()) {
      if (!pair.getValue().isTextual()) {
        throw Bodies.invalid("Values of metadata must be strings.");
      }
      metadata.put(StorableText.of(pair.getKey()), StorableText.of(pair.getValue().asText()));
    }
    return metadata;
  }

  private static @Nullable String text(JsonNode patch, String name, @Nullable String present) {
    var value = patch.get(name);
    if (value == null) {
      return present;
    }
    if (value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw Bodies.invalid(name + " must be a string or null.");
    }
    return StorableText.of(value.asText());
  }

  private static ObjectNode merged(JsonNode present, JsonNode patch, String name) {
    var change = patch.get(name);
    if (change == null) {
      return (ObjectNode) present;
    }
    if (change.isNull()) {
      return JsonNodeFactory.instance.objectNode();
    }
    if (!change.isObject()) {
      throw Bodies.invalid(name + " must be an object or null.");
    }
    var merged = ((ObjectNode) present).deepCopy();
    change
        .properties()
        .forEach(
            member -> {
              if (member.getValue().isNull()) {
                merged.remove(member.getKey());
              } else {
                merged.set(member.getKey(), member.getValue());
              }
            });
    return merged;
  }
}
