package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/chat}.
 *
 * @param model as the client named it; never empty
 * @param messages empty to load or unload only
 * @param unload the model may go, which is answered and not done: others use it
 */
record ChatRequest(
    String model,
    List<ChatMessage> messages,
    List<Tool> tools,
    boolean stream,
    boolean unload,
    @Nullable Think think,
    GoStruct body) {

  /**
   * Parses the body.
   *
   * @throws OllamaException 400
   */
  static ChatRequest parse(Buffer bytes) {
    var body = GoStruct.parse("ChatRequest", bytes.getBytes());
    var request =
        new ChatRequest(
            body.text("model"),
            MessagesDecoder.decode(body),
            ToolsDecoder.decode(body),
            body.flag("stream", true),
            KeepAlive.isZero(body.find("keep_alive")),
            ThinkWish.parse(body.find("think")),
            body);
    body.flag("truncate", true);
    body.flag("shift", true);
    Completion.checkLogprobs(body);
    if (request.model().isEmpty()) {
      throw OllamaException.badRequest("model is required");
    }
    if (body.flag("_debug_render_only", false)) {
      throw OllamaException.badRequest("_debug_render_only is not supported");
    }
    return request;
  }

  /**
   * What is to be generated; the checks come in Ollama's order.
   *
   * @throws OllamaException for what the model cannot do, and for options of the wrong type
   */
  Completion completion(ServedModel served) {
    Completion.requireAnswers(served, model, "chat");
    var thinks = Completion.think(served, model, think);
    if (!tools.isEmpty()) {
      Completion.require(served, model, Capability.TOOLS);
    }
    if (messages.stream().anyMatch(message -> !message.images().isEmpty())) {
      Completion.require(served, model, Capability.VISION);
    }
    var options = OptionsDecoder.decode(body.find("options"), thinks);
    return new Completion(served.id(), messages, options, Completion.form(body, tools, thinks));
  }
}
