package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoStruct;
import dev.penstock.simulator.answer.OfferedTool;
import dev.penstock.simulator.answer.PromptMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/chat}.
 *
 * @param messages empty to load or unload only
 * @param keepAlive null where the request names none
 * @param think empty leaves it to the model
 * @param tools what is offered
 * @param topLogprobs alternatives told for each token; -1 for no probabilities at all
 * @param truncate a prompt too long is cut rather than refused
 * @param shift the answer may go on past the context's end
 * @param renderOnly {@code _debug_render_only}: answer with the prompt, not with the model
 */
public record ChatRequest(
    String model,
    List<PromptMessage> messages,
    boolean stream,
    @Nullable Duration keepAlive,
    Optional<Boolean> think,
    List<OfferedTool> tools,
    int topLogprobs,
    boolean truncate,
    boolean shift,
    boolean renderOnly,
    @Nullable JsonNode rawOptions,
    @Nullable JsonNode rawFormat) {

  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static ChatRequest parse(Buffer bytes) {
    var body = GoStruct.parse("ChatRequest", bytes.getBytes());
    var topLogprobs = TopLogprobs.parse(body);
    return new ChatRequest(
        body.text("model"),
        body.list("messages", "Message").stream().map(ChatRequest::message).toList(),
        body.flag("stream", true),
        KeepAlive.parse(body.find("keep_alive")),
        Think.parse(body),
        tools(body),
        topLogprobs,
        body.flag("truncate", true),
        body.flag("shift", true),
        body.flag("_debug_render_only", false),
        body.find("options"),
        body.find("format"));
  }

  /**
   * What {@code options} asks for; Ollama looks at it once it knows the model.
   *
   * @throws OllamaError 500 for a value of the wrong type
   */
  public RequestOptions options() {
    return RequestOptions.parse(rawOptions);
  }

  /**
   * What the answer must conform to: a schema, the text {@code json}, or null for nothing; looked
   * at when the model is about to answer.
   *
   * @throws OllamaError 500 for anything else
   */
  public @Nullable JsonNode format() {
    return Format.checked(rawFormat);
  }

  private static PromptMessage message(GoStruct message) {
    var pictures = Pictures.parse(message);
    var calls = message.find("tool_calls");
    return new PromptMessage(
        message.text("role").toLowerCase(Locale.ROOT),
        message.text("content"),
        pictures.count(),
        pictures.bytes(),
        calls == null ? "" : calls.toString());
  }

  private static List<OfferedTool> tools(GoStruct body) {
    var tools = new ArrayList<OfferedTool>();
    for (var tool : body.array("tools", "api.Tools")) {
      var function = tool.path("function");
      tools.add(new OfferedTool(function.path("name").asText(), function.path("parameters")));
    }
    return tools;
  }
}
