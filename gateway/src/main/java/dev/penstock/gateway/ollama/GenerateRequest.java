package dev.penstock.gateway.ollama;

import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.turn.StorableText;
import dev.penstock.gojson.GoStruct;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/generate}.
 *
 * @param model as the client named it; empty where it named none, which is an unknown model here
 * @param prompt empty to load or unload only
 * @param system replaces what the context's conversation began with; empty for none
 * @param history what the request's {@code context} tells of the conversation so far
 * @param unload the model may go, which is answered and not done: others use it
 */
record GenerateRequest(
    String model,
    String prompt,
    String system,
    List<Image> images,
    List<ChatMessage> history,
    boolean stream,
    boolean unload,
    @Nullable Think think,
    GoStruct body) {

  /**
   * Parses the body.
   *
   * @throws OllamaException 400
   */
  static GenerateRequest parse(Buffer bytes) {
    var body = GoStruct.parse("GenerateRequest", bytes.getBytes());
    var request =
        new GenerateRequest(
            body.text("model"),
            StorableText.of(body.text("prompt")),
            StorableText.of(body.text("system")),
            MessagesDecoder.images(body),
            PromptContext.decode(body.array("context", "[]int")),
            body.flag("stream", true),
            KeepAlive.isZero(body.find("keep_alive")),
            ThinkWish.parse(body.find("think")),
            body);
    body.flag("truncate", true);
    body.flag("shift", true);
    Completion.checkLogprobs(body);
    return request;
  }

  /**
   * What is to be generated; the checks come in Ollama's order.
   *
   * @throws OllamaException for what the model, or this gateway, cannot do
   */
  Completion completion(ServedModel served) {
    refuseRaw();
    Completion.requireAnswers(served, model, "generate");
    var thinks = Completion.think(served, model, think);
    if (!body.text("suffix").isEmpty()) {
      // Model servers are asked for chats alone, which have no gap to fill.
      throw Completion.cannot(model, Capability.INSERT);
    }
    if (!images.isEmpty()) {
      Completion.require(served, model, Capability.VISION);
    }
    var options = OptionsDecoder.decode(body.find("options"), thinks);
    return new Completion(
        served.id(), conversation(), options, Completion.form(body, List.of(), thinks));
  }

  private void refuseRaw() {
    var template = !body.text("template").isEmpty();
    if (body.flag("raw", false)) {
      throw OllamaException.badRequest(
          template || !system.isEmpty() || !history.isEmpty()
              ? "raw mode does not support template, system, or context"
              : "raw mode is not supported; send the prompt without its template");
    }
    if (template) {
      throw OllamaException.badRequest("template is not supported; the model's own is used");
    }
    if (body.flag("_debug_render_only", false)) {
      throw OllamaException.badRequest("_debug_render_only is not supported");
    }
  }

  private List<ChatMessage> conversation() {
    var messages = new ArrayList<ChatMessage>();
    if (!system.isEmpty()) {
      messages.add(new ChatMessage(Role.SYSTEM, system));
    }
    for (var message : history) {
      if (system.isEmpty() || message.role() != Role.SYSTEM) {
        messages.add(message);
      }
    }
    messages.add(ChatMessage.showing(prompt, images));
    return List.copyOf(messages);
  }
}
