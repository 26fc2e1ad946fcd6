package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/chat/completions} (openai-api.md section 4.1). Unknown members
 * are ignored, since clients add their own; {@code temperature} and {@code top_p} that are absent
 * stay the model's own.
 */
final class ChatCompletionDecoder {
  private static final Map<String, Think> EFFORT =
      Map.of(
          "none", Think.OFF,
          "minimal", Think.LOW,
          "low", Think.LOW,
          "medium", Think.MEDIUM,
          "high", Think.HIGH,
          "xhigh", Think.HIGH,
          "max", Think.HIGH);

  private static final int MAX_STOPS = 4;
  private static final int MAX_PAIRS = 16;
  private static final int MAX_KEY = 64;
  private static final int MAX_VALUE = 512;

  private ChatCompletionDecoder() {}

  /** Throws {@link OpenAiException} that names the first member at fault. */
  static ChatCompletion decode(JsonNode body) {
    if (!body.isObject()) {
      throw new OpenAiException(OpenAiError.invalid(null, "The body must be a JSON object."));
    }
    var members = new Members(body);
    var model = members.text("model");
    if (model == null || model.isBlank()) {
      throw Members.invalid("model", "the name of a model");
    }
    var messages = MessagesDecoder.decode(members.find("messages"));
    refuseWhatIsNotOffered(members);
    checkMetadata(members.find("metadata"));
    var stream = members.flag("stream");
    return new ChatCompletion(
        model,
        messages,
        options(members),
        stream,
        includeUsage(members, stream),
        affinity(members));
  }

  private static GenerationOptions options(Members members) {
    var bound = members.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    var deprecatedBound = members.integer("max_tokens", 1, Integer.MAX_VALUE);
    // Servers of this dialect take -1 and 0 for "no limit".
    var topK = members.integer("top_k", -1, Integer.MAX_VALUE);
    return new GenerationOptions(
        members.number("temperature", 0, 2),
        members.number("top_p", 0, 1),
        topK == null || topK < 1 ? null : topK,
        bound != null ? bound : deprecatedBound,
        stop(members.find("stop")),
        members.signed64("seed"),
        think(members.text("reasoning_effort")),
        members.number("min_p", 0, 1),
        members.number("repeat_penalty", 0, 2),
        members.number("frequency_penalty", -2, 2),
        members.number("presence_penalty", -2, 2));
  }

  private static boolean includeUsage(Members members, boolean stream) {
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

  private static @Nullable List<String> stop(@Nullable JsonNode stop) {
    var expected = "a string or an array of at most four, none of them empty";
    if (stop == null || (stop.isArray() && stop.isEmpty())) {
      return null;
    }
    if (stop.isArray() && stop.size() > MAX_STOPS) {
      throw Members.invalid("stop", expected);
    }
    var stops = new ArrayList<String>();
    for (var each : stop.isArray() ? stop : List.of(stop)) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw Members.invalid("stop", expected);
      }
      stops.add(StorableText.of(each.textValue()));
    }
    return List.copyOf(stops);
  }

  private static @Nullable Think think(@Nullable String effort) {
    if (effort == null) {
      return null;
    }
    var think = EFFORT.get(effort);
    if (think == null) {
      throw Members.invalid(
          "reasoning_effort", "one of none, minimal, low, medium, high, xhigh and max");
    }
    return think;
  }

  private static @Nullable String affinity(Members members) {
    members.text("safety_identifier");
    var user = members.text("user");
    var cacheKey = members.text("prompt_cache_key");
    return cacheKey != null ? cacheKey : user;
  }

  private static void refuseWhatIsNotOffered(Members members) {
    members.flag("store");
    members.text("service_tier");
    var choices = members.integer("n", 1, 128);
    if (choices != null && choices > 1) {
      throw Members.unsupported("n", "one answer per request");
    }
    if (members.flag("logprobs")) {
      throw Members.unsupported("logprobs", "probabilities are not offered");
    }
    var alternatives = members.integer("top_logprobs", 0, 20);
    if (alternatives != null && alternatives > 0) {
      throw Members.unsupported("top_logprobs", "probabilities are not offered");
    }
    refuseTools(members);
    refuseUnless(
        members,
        "logit_bias",
        ChatCompletionDecoder::emptyContainer,
        "token biases are not offered");
    refuseUnless(members, "audio", _ -> false, "answers are text");
    refuseUnless(
        members,
        "modalities",
        asked -> asked.size() == 1 && asked.get(0).asText().equals("text"),
        "answers are text");
    refuseUnless(
        members,
        "response_format",
        format -> format.path("type").asText().equals("text"),
        "structured output is not offered");
  }

  private static void refuseTools(Members members) {
    refuseUnless(members, "tools", ChatCompletionDecoder::emptyContainer, "tools are not offered");
    refuseUnless(
        members,
        "tool_choice",
        choice -> choice.isTextual() && List.of("none", "auto").contains(choice.textValue()),
        "tools are not offered");
    members.flag("parallel_tool_calls");
    refuseUnless(
        members, "functions", ChatCompletionDecoder::emptyContainer, "functions are not offered");
    refuseUnless(members, "function_call", _ -> false, "functions are not offered");
  }

  private static void refuseUnless(
      Members members, String name, Predicate<JsonNode> harmless, String reason) {
    var member = members.find(name);
    if (member != null && !harmless.test(member)) {
      throw Members.unsupported(name, reason);
    }
  }

  private static void checkMetadata(@Nullable JsonNode metadata) {
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

  private static boolean emptyContainer(JsonNode node) {
    return node.isContainerNode() && node.isEmpty();
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
