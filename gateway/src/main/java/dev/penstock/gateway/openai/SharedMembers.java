package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.Think;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Members that several requests of this dialect have, with the same meaning in each. */
final class SharedMembers {
  private static final Map<String, Think> EFFORT =
      Map.of(
          "none", Think.OFF,
          "minimal", Think.LOW,
          "low", Think.LOW,
          "medium", Think.MEDIUM,
          "high", Think.HIGH,
          "xhigh", Think.MAX,
          "max", Think.MAX);

  private static final int MAX_PAIRS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;

  private SharedMembers() {}

  /** The members of a request's body. */
  static Members of(JsonNode body) {
    if (!body.isObject()) {
      throw new OpenAiException(OpenAiError.invalid(null, "The body must be a JSON object."));
    }
    return new Members(body);
  }

  static String model(Members members) {
    var model = members.text("model");
    if (model == null || model.isBlank()) {
      throw Members.invalid("model", "the name of a model");
    }
    return model;
  }

  /** Whether a stream ends with a chunk of token counts. */
  static boolean includeUsage(Members members, boolean stream) {
    var options = members.find("stream_options");
    if (options == null) {
      return false;
    }
    if (!options.isObject()) {
      throw Members.invalid("stream_options", "an object");
    }
    if (!stream) {
      throw Members.invalid("stream_options", "absent unless stream is true");
    }
    var usage = options.path("include_usage");
    if (!usage.isMissingNode() && !usage.isNull() && !usage.isBoolean()) {
      throw Members.invalid("stream_options.include_usage", "true or false");
    }
    return usage.asBoolean();
  }

  /** The wish for thinking behind {@code effort}; {@code param} is where it was said. */
  static @Nullable Think think(@Nullable String effort, String param) {
    if (effort == null) {
      return null;
    }
    var think = EFFORT.get(effort);
    if (think == null) {
      throw Members.invalid(param, "one of none, minimal, low, medium, high, xhigh and max");
    }
    return think;
  }

  /** The caller's key for prompts that share a beginning, unhashed. */
  static @Nullable String affinity(Members members) {
    members.text("safety_identifier");
    var user = members.text("user");
    var cacheKey = members.text("prompt_cache_key");
    return cacheKey != null ? cacheKey : user;
  }

  static void refuseSeveralAnswers(Members members) {
    var choices = members.integer("n", 1, 128);
    if (choices != null && choices > 1) {
      throw Members.unsupported("n", "one answer per request");
    }
  }

  static void refuseBiases(Members members) {
    refuseUnless(
        members, "logit_bias", SharedMembers::emptyContainer, "token biases are not offered");
  }

  static void refuseUnless(
      Members members, String name, Predicate<JsonNode> harmless, String reason) {
    var member = members.find(name);
    if (member != null && !harmless.test(member)) {
      throw Members.unsupported(name, reason);
    }
  }

  static boolean emptyContainer(JsonNode node) {
    return node.isContainerNode() && node.isEmpty();
  }

  static void checkMetadata(@Nullable JsonNode metadata) {
    if (metadata == null) {
      return;
    }
    var sound =
        metadata.isObject()
            && metadata.size() <= MAX_PAIRS
            && metadata.properties().stream()
                .allMatch(
                    pair ->
                        length(pair.getKey()) <= MAX_KEY
                            && pair.getValue().isTextual()
                            && length(pair.getValue().textValue()) <= MAX_VALUE);
    if (!sound) {
      throw Members.invalid(
          "metadata", "at most 16 pairs of strings, keys of 64 and values of 512 characters");
    }
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
