package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.gojson.GoStruct;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/chat} and {@code /api/generate} have in common once their model is known: an
 * answer to make, checked against what the model can do.
 *
 * @param model its id here, which the request may have named otherwise
 */
record Completion(
    String model, List<ChatMessage> messages, GenerationOptions options, AnswerForm form) {

  /**
   * Whether and how the model thinks: one that can does unless it is told not to (ollama-api.md
   * section 4).
   *
   * @throws OllamaException 400 where it cannot and is told to
   */
  static @Nullable Think think(ServedModel model, String named, @Nullable Think wish) {
    if (model.thinks()) {
      return wish == null ? Think.ON : wish;
    }
    if (wish == null || wish == Think.OFF) {
      return null;
    }
    if (model.facts().lacks(Capability.THINKING)) {
      throw OllamaException.badRequest("\"" + named + "\" does not support thinking");
    }
    return wish;
  }

  /**
   * Refuses what the model is known not to be able to do.
   *
   * @param route {@code chat} or {@code generate}
   * @throws OllamaException 400
   */
  static void requireAnswers(ServedModel model, String named, String route) {
    if (model.facts().lacks(Capability.COMPLETION)) {
      throw OllamaException.badRequest("\"" + named + "\" does not support " + route);
    }
  }

  static void require(ServedModel model, String named, Capability capability) {
    if (model.facts().lacks(capability)) {
      throw cannot(named, capability);
    }
  }

  static OllamaException cannot(String named, Capability capability) {
    return OllamaException.badRequest(
        ModelName.qualified(named) + " does not support " + capability.wire());
  }

  /** What is told beside the text, and what the text is made of. */
  static AnswerForm form(GoStruct body, List<Tool> tools, @Nullable Think think) {
    return AnswerForm.PLAIN
        .withTools(tools, ToolChoice.AUTO)
        .withFormat(Formats.parse(body.find("format")))
        .withLogprobs(body.flag("logprobs", false) ? body.number("top_logprobs") : null)
        .withThoughts(think != null && think != Think.OFF)
        .withTruncation(body.flag("truncate", true));
  }

  /** The check that comes before any other; throws {@link OllamaException}. */
  static void checkLogprobs(GoStruct body) {
    var alternatives = body.number("top_logprobs");
    if (alternatives < 0 || alternatives > 20) {
      throw OllamaException.badRequest("top_logprobs must be between 0 and 20");
    }
  }
}
