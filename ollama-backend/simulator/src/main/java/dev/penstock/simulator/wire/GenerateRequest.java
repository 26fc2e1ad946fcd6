package dev.penstock.simulator.wire;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gojson.GoStruct;
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
 * @param pictures how many are shown with the prompt
 * @param pictureBytes their size together
 * @param topLogprobs alternatives told for each token; -1 for no probabilities at all
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
    int pictures,
    int pictureBytes,
    int topLogprobs,
    @Nullable JsonNode rawOptions,
    @Nullable JsonNode rawFormat) {

  /**
   * Parses the body.
   *
   * @throws OllamaError 400
   */
  public static GenerateRequest parse(Buffer bytes) {
    var body = GoStruct.parse("GenerateRequest", bytes.getBytes());
    var topLogprobs = TopLogprobs.parse(body);
    var pictures = Pictures.parse(body);
    return new GenerateRequest(
        body.text("model"),
        body.text("prompt"),
        body.text("system"),
        body.text("suffix"),
        body.text("template"),
        body.flag("raw", false),
        body.array("context", "[]int").iterator().hasNext(),
        body.flag("stream", true),
        KeepAlive.parse(body.find("keep_alive")),
        Think.parse(body),
        body.flag("truncate", true),
        body.flag("shift", true),
        body.flag("_debug_render_only", false),
        pictures.count(),
        pictures.bytes(),
        topLogprobs,
        body.find("options"),
        body.find("format"));
  }

  /** The same request as a conversation. */
  public List<PromptMessage> messages() {
    var user = new PromptMessage("user", prompt, pictures, pictureBytes, "");
    return system.isEmpty() ? List.of(user) : List.of(PromptMessage.system(system), user);
  }

  /**
   * What the answer must conform to, as {@link ChatRequest#format}.
   *
   * @throws OllamaError 500 for what is no format
   */
  public @Nullable JsonNode format() {
    return Format.checked(rawFormat);
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
