package dev.penstock.simulator.http;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.simulator.answer.Directives;
import dev.penstock.simulator.answer.OfferedTool;
import dev.penstock.simulator.answer.PromptMessage;
import dev.penstock.simulator.answer.SimulatedAnswer;
import dev.penstock.simulator.catalog.SimulatedModel;
import dev.penstock.simulator.engine.Order;
import dev.penstock.simulator.wire.OllamaError;
import dev.penstock.simulator.wire.RequestOptions;
import dev.penstock.simulator.wire.ToolCallsJson;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /api/chat} and {@code /api/generate} have in common: a conversation for a model.
 *
 * @param prompt as the model's template renders the conversation
 * @param think whether the model thinks first
 * @param truncate a prompt too long loses its oldest messages
 * @param tools what is offered
 * @param format what the answer must conform to; null for nothing
 * @param scored whether probabilities are told
 * @param shift it loses its middle, and the answer may go on past the context's end
 */
record Completion(
    SimulatedModel model,
    @Nullable Duration keepAlive,
    List<PromptMessage> messages,
    String prompt,
    boolean think,
    List<OfferedTool> tools,
    @Nullable JsonNode format,
    boolean scored,
    boolean truncate,
    boolean shift,
    RequestOptions options) {

  /** Of a Gemma's picture. */
  private static final int TOKENS_PER_PICTURE = 256;

  /** {@code num_keep}, what a shifted prompt keeps of its beginning. */
  private static final int KEPT = 4;

  Order order(Limits limits) {
    var context = Math.min(limits.contextLength(), model.contextLength());
    var pictures = messages.stream().mapToInt(PromptMessage::pictures).sum();
    var promptTokens = tokens(prompt) + pictures * TOKENS_PER_PICTURE;
    var tooLong = promptTokens > context;
    if (tooLong) {
      promptTokens = truncate ? context : context - (context - KEPT) / 2;
    }
    var seed = options.seed().orElse(limits.seed());
    var calls = OfferedTool.calls(tools, messages, seed);
    var toolCalls = calls.isEmpty() ? null : ToolCallsJson.of(calls);
    return new Order(
        model,
        keepAlive,
        tooLong ? "" : prompt,
        promptTokens,
        think ? SimulatedAnswer.thoughtsOn(messages, seed).tokens() : List.of(),
        toolCalls == null ? answer(seed).tokens() : SimulatedAnswer.saying(toolCalls).tokens(),
        toolCalls,
        scored,
        most(context, promptTokens),
        options.stop(),
        Directives.of(messages).rate().orElse(limits.tokensPerSecond()),
        tooLong && !truncate && !shift ? promptTooLong() : null);
  }

  /** How many tokens a text counts as. */
  static int tokens(String text) {
    return Math.ceilDiv(text.length(), Order.CHARACTERS_PER_TOKEN);
  }

  private SimulatedAnswer answer(long seed) {
    if (format != null) {
      return SimulatedAnswer.formed(messages, seed, format);
    }
    return model.template().continuesAnswer()
        ? SimulatedAnswer.continuing(messages, seed)
        : SimulatedAnswer.of(messages, seed);
  }

  private int most(int context, int promptTokens) {
    var bound = 10 * context;
    var asked = options.numPredict();
    var most = asked < 0 || asked > bound ? bound : asked;
    return shift ? most : Math.min(most, Math.max(1, context - promptTokens));
  }

  private static OllamaError promptTooLong() {
    return OllamaError.badRequest(
        "the prompt is longer than the context length currently available to the model; shorten"
            + " the prompt, adjust the context length in settings, or use a model with a longer"
            + " context length");
  }
}
