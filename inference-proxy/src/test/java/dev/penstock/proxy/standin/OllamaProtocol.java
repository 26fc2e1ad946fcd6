package dev.penstock.proxy.standin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** An Ollama with the model {@code served} in memory. */
final class OllamaProtocol implements Protocol {
  private static final JsonObject MODELS =
      new JsonObject().put("models", new JsonArray().add(new JsonObject().put("name", "served")));

  @Override
  public String kind() {
    return "ollama";
  }

  @Override
  public @Nullable JsonObject aside(HttpServerRequest request, JsonObject body) {
    return switch (request.path()) {
      case "/api/tags", "/api/ps" -> MODELS;
      case "/api/show" -> new JsonObject();
      default -> body.containsKey("_debug_render_only") ? new JsonObject() : null;
    };
  }

  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  public String delta(String text) {
    return new JsonObject()
            .put("model", "served")
            .put("message", new JsonObject().put("role", "assistant").put("content", text))
            .put("done", false)
        + "\n";
  }

  @Override
  public String end(boolean atItsBound, int inputTokens, int outputTokens) {
    return new JsonObject()
            .put("message", new JsonObject().put("content", ""))
            .put("done", true)
            .put("done_reason", atItsBound ? "length" : "stop")
            .put("prompt_eval_count", inputTokens)
            .put("eval_count", outputTokens)
        + "\n";
  }

  @Override
  public String brokenOff() {
    return "{\"error\":\"an error was encountered\"}\n";
  }

  @Override
  public String garbage() {
    return "<html>\n";
  }

  @Override
  public String refusal(int status, String message) {
    return new JsonObject().put("error", message).encode();
  }

  @Override
  public String tooLong() {
    return refusal(400, "the prompt is longer than the context length");
  }

  @Override
  public String lastText(JsonObject body) {
    var messages = body.getJsonArray("messages");
    return messages.getJsonObject(messages.size() - 1).getString("content");
  }

  @Override
  public String toString() {
    return kind();
  }
}
