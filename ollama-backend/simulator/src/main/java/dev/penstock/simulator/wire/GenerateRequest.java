package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.simulator.answer.PromptMessage;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /api/generate}.
 *
 * @param prompt empty to load or unload only
 * @param suffix text after the gap to fill; empty for none
 * @param raw the prompt is used as it is
 * @param hasContext a former answer's {@code context} is sent along
 * @param keepAlive null where the request names none
 * @param think empty leaves it to the model
 */
public record GenerateRequest(
    String model,
    String prompt,
    String system,
    String suffix,
    String template,
    boolean raw,
    boolean hasContext,
    boolean stream,
    @Nullable Duration keepAlive,
    Optional<Boolean> think,
    boolean truncate,
    boolean shift,
    boolean renderOnly,
    @Nullable JsonNode rawOptions) {

  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static GenerateRequest parse(Buffer bytes) {
    var body = RequestBody.parse("GenerateRequest", bytes);
    TopLogprobs.check(body);
    return new GenerateRequest(
        body.text("model"),
        body.text("prompt"),
        body.text("system"),
        body.text("suffix"),
        body.text("template"),
        body.flag("raw", false),
        body.array("context", "[]int").iterator().hasNext(),
        body.flag("stream", true),
        KeepAlive.parse(body.get("keep_alive")),
        Think.parse(body),
        body.flag("truncate", true),
        body.flag("shift", true),
        body.flag("_debug_render_only", false),
        body.get("options"));
  }

  /** The same request as a conversation. */
  public List<PromptMessage> messages() {
    var user = PromptMessage.user(prompt);
    return system.isEmpty() ? List.of(user) : List.of(PromptMessage.system(system), user);
  }

  /**
   * What {@code options} asks for; Ollama looks at it once it knows the model.
   *
   * @throws OllamaError 500 for a value of the wrong type
   */
  public RequestOptions options() {
    return RequestOptions.parse(rawOptions);
  }
}
