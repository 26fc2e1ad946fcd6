package dev.penstock.proxy.standin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A vLLM that serves the model {@code served} to who has its key. */
public final class OpenAiProtocol implements Protocol {
  @Override
  public String kind() {
    return "openai";
  }

  @Override
  public String members() {
    return ", api_key_env: STAND_IN_KEY";
  }

  @Override
  public @Nullable JsonObject aside(HttpServerRequest request, JsonObject body) {
    if (!("Bearer " + StandIn.KEY).equals(request.getHeader("Authorization"))) {
      return new JsonObject().put("status", 401);
    }
    return switch (request.path()) {
      case "/v1/chat/completions", "/v1/embeddings" -> null;
      case "/v1/models" ->
          new JsonObject()
              .put("object", "list")
              .put(
                  "data",
                  new JsonArray()
                      .add(new JsonObject().put("id", "served").put("max_model_len", 4096)));
      default -> new JsonObject().put("status", 404);
    };
  }

  @Override
  public String contentType() {
    return "text/event-stream; charset=utf-8";
  }

  @Override
  public String delta(String text) {
    return chunk(new JsonObject().put("content", text), null);
  }

  @Override
  public String end(boolean atItsBound, int inputTokens, int outputTokens) {
    return chunk(new JsonObject().put("content", ""), atItsBound ? "length" : "stop")
        + event(
            head()
                .put("choices", new JsonArray())
                .put(
                    "usage",
                    new JsonObject()
                        .put("prompt_tokens", inputTokens)
                        .put("total_tokens", inputTokens + outputTokens)
                        .put("completion_tokens", outputTokens)))
        + "data: [DONE]\n\n";
  }

  @Override
  public String brokenOff() {
    return "data: {\"error\":{\"message\":\"engine died\",\"code\":500}}\n\n";
  }

  @Override
  public String garbage() {
    return "data: <html>\n\n";
  }

  @Override
  public String refusal(int status, String message) {
    return new JsonObject()
        .put("error", new JsonObject().put("message", message).put("code", status))
        .encode();
  }

  @Override
  public String tooLong() {
    return refusal(400, "This model's maximum context length is 4096 tokens.");
  }

  @Override
  public String lastText(JsonObject body) {
    var messages = body.getJsonArray("messages");
    return messages.getJsonObject(messages.size() - 1).getString("content");
  }

  private static String chunk(JsonObject delta, @Nullable String finishReason) {
    return event(
        head()
            .put(
                "choices",
                new JsonArray()
                    .add(
                        new JsonObject()
                            .put("index", 0)
                            .put("delta", delta)
                            .put("logprobs", null)
                            .put("finish_reason", finishReason))));
  }

  private static JsonObject head() {
    return new JsonObject()
        .put("id", "chatcmpl-1")
        .put("object", "chat.completion.chunk")
        .put("created", 1_767_225_600)
        .put("model", "served");
  }

  private static String event(JsonObject data) {
    return "data: " + data + "\n\n";
  }

  @Override
  public String toString() {
    return kind();
  }
}
