package dev.penstock.gateway.gemini;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code generateContent} and {@code streamGenerateContent} (gemini-api.md
 * section 3). Options that are absent stay the model's own.
 */
final class GenerateRequestDecoder {
  private static final int MAX_STOPS = 5;
  private static final int MAX_ALTERNATIVES = 20;

  private GenerateRequestDecoder() {}

  /** Throws {@link GeminiException} that names the first member at fault. */
  static GenerateRequest decode(JsonNode body) {
    return decode(Members.of(body, ""));
  }

  /** The same of a request inside another. */
  static GenerateRequest decode(Members request) {
    if (request.find("cachedContent") != null) {
      throw new GeminiException(
          GeminiError.of(RpcStatus.NOT_FOUND, "Nothing is cached here; send the contents whole."));
    }
    var messages = ContentsDecoder.decode(request);
    var given = request.object("generationConfig");
    var config =
        given != null
            ? given
            : new Members(JsonNodeFactory.instance.objectNode(), request.at("generationConfig"));
    refuseWhatIsNotOffered(config);
    return new GenerateRequest(
        messages,
        options(config),
        ToolsDecoder.decode(request, form(config)),
        ResponseFormatDecoder.isEnum(config));
  }

  private static GenerationOptions options(Members config) {
    return new GenerationOptions(
        config.number("temperature", 0, 2),
        config.number("topP", 0, 1),
        config.integer("topK", 1, Integer.MAX_VALUE),
        config.integer("maxOutputTokens", 1, Integer.MAX_VALUE),
        stops(config),
        config.whole("seed"),
        think(config.object("thinkingConfig")),
        null,
        null,
        config.number("frequencyPenalty", -2, 2),
        config.number("presencePenalty", -2, 2));
  }

  private static AnswerForm form(Members config) {
    var thinking = config.object("thinkingConfig");
    var alternatives = config.integer("logprobs", 0, MAX_ALTERNATIVES);
    var scored = config.flag("responseLogprobs");
    if (alternatives != null && !scored) {
      throw Members.invalid(config.at("logprobs"), "absent unless responseLogprobs is true");
    }
    return AnswerForm.PLAIN
        .withFormat(ResponseFormatDecoder.decode(config))
        .withLogprobs(scored && alternatives == null ? Integer.valueOf(0) : alternatives)
        .withThoughts(thinking != null && thinking.flag("includeThoughts"));
  }

  private static @Nullable List<String> stops(Members config) {
    var node = config.find("stopSequences");
    if (node == null || (node.isArray() && node.isEmpty())) {
      return null;
    }
    var expected = "an array of at most five strings, none of them empty";
    if (!node.isArray() || node.size() > MAX_STOPS) {
      throw Members.invalid(config.at("stopSequences"), expected);
    }
    var stops = new ArrayList<String>();
    for (var each : node) {
      if (!each.isTextual() || each.textValue().isEmpty()) {
        throw Members.invalid(config.at("stopSequences"), expected);
      }
      stops.add(StorableText.of(each.textValue()));
    }
    return List.copyOf(stops);
  }

  private static @Nullable Think think(@Nullable Members thinking) {
    if (thinking == null) {
      return null;
    }
    var budget = thinking.integer("thinkingBudget", -1, Integer.MAX_VALUE);
    return switch (thinking.word("thinkingLevel")) {
      case "" -> budget != null && budget == 0 ? Think.OFF : null;
      case "MINIMAL" -> Think.OFF;
      case "LOW" -> Think.LOW;
      case "MEDIUM" -> Think.MEDIUM;
      case "HIGH" -> Think.HIGH;
      default ->
          throw Members.invalid(thinking.at("thinkingLevel"), "MINIMAL, LOW, MEDIUM or HIGH");
    };
  }

  private static void refuseWhatIsNotOffered(Members config) {
    var candidates = config.integer("candidateCount", 1, Integer.MAX_VALUE);
    if (candidates != null && candidates > 1) {
      throw Members.invalid(config.at("candidateCount"), "1, since there is one answer a request");
    }
    var modalities = config.find("responseModalities");
    if (modalities != null
        && !(modalities.isArray()
            && (modalities.isEmpty()
                || (modalities.size() == 1
                    && modalities.get(0).asText().equalsIgnoreCase("TEXT"))))) {
      throw Members.invalid(config.at("responseModalities"), "[\"TEXT\"], since answers are text");
    }
  }
}
