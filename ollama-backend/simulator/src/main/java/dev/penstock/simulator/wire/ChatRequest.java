package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.simulator.answer.PromptMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
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
 * @param hasTools tools are offered
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
    boolean hasTools,
    boolean truncate,
    boolean shift,
    boolean renderOnly,
    @Nullable JsonNode rawOptions) {

  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static ChatRequest parse(Buffer bytes) {
    var body = RequestBody.parse("ChatRequest", bytes);
    TopLogprobs.check(body);
    return new ChatRequest(
        body.text("model"),
        body.list("messages", "Message").stream().map(ChatRequest::message).toList(),
        body.flag("stream", true),
        KeepAlive.parse(body.get("keep_alive")),
        Think.parse(body),
        body.array("tools", "api.Tools").iterator().hasNext(),
        body.flag("truncate", true),
        body.flag("shift", true),
        body.flag("_debug_render_only", false),
        body.get("options"));
  }

  /**
   * What {@code options} asks for; Ollama looks at it once it knows the model.
   *
   * @throws OllamaError 500 for a value of the wrong type
   */
  public RequestOptions options() {
    return RequestOptions.parse(rawOptions);
  }

  private static PromptMessage message(RequestBody message) {
    return new PromptMessage(
        message.text("role").toLowerCase(Locale.ROOT), message.text("content"));
  }
}
