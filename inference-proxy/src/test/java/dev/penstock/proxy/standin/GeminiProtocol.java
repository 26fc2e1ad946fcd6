package dev.penstock.proxy.standin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** Gemini's own API with a key, or behind Vertex with the machine's identity. */
public record GeminiProtocol(boolean vertex) implements Protocol {
  private static final String PROJECT = "/v1/projects/p/locations/global";
  private static final String TOKEN = "ya29.stand-in";

  @Override
  public String kind() {
    return vertex ? "vertex" : "gemini";
  }

  @Override
  public String members() {
    return vertex ? "" : ", api_key_env: STAND_IN_KEY";
  }

  @Override
  public String path() {
    return vertex ? PROJECT : "";
  }

  @Override
  public @Nullable JsonObject aside(HttpServerRequest request, JsonObject body) {
    if (request.path().endsWith("/token")) {
      return "Google".equals(request.getHeader("Metadata-Flavor"))
          ? new JsonObject().put("access_token", TOKEN).put("expires_in", 3_599)
          : new JsonObject().put("status", 403);
    }
    if (!isKnown(request)) {
      return new JsonObject().put("status", 401);
    }
    var models = vertex ? PROJECT + "/publishers/google/models" : "/v1beta/models";
    if (request.path().equals(models + "/served:streamGenerateContent")
        && "alt=sse".equals(request.query())) {
      return null;
    }
    if (request.path().equals(models)) {
      return new JsonObject().put("models", new JsonArray());
    }
    return request.path().equals(models + "/served")
        ? new JsonObject().put("name", "models/served").put("inputTokenLimit", 1_048_576)
        : new JsonObject().put("status", 404);
  }

  private boolean isKnown(HttpServerRequest request) {
    return vertex
        ? ("Bearer " + TOKEN).equals(request.getHeader("Authorization"))
        : StandIn.KEY.equals(request.getHeader("x-goog-api-key"));
  }

  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  public String delta(String text) {
    return event(new JsonObject().put("candidates", candidates(text, null)));
  }

  @Override
  public String end(boolean atItsBound, int inputTokens, int outputTokens) {
    return event(
        new JsonObject()
            .put("candidates", candidates("", atItsBound ? "MAX_TOKENS" : "STOP"))
            .put(
                "usageMetadata",
                new JsonObject()
                    .put("promptTokenCount", inputTokens)
                    .put("candidatesTokenCount", outputTokens)
                    .put("totalTokenCount", inputTokens + outputTokens)));
  }

  @Override
  public String brokenOff() {
    return "data: " + refusal(503, "The model is overloaded.") + "\r\n\r\n";
  }

  @Override
  public String garbage() {
    return "data: <html>\r\n\r\n";
  }

  @Override
  public String refusal(int status, String message) {
    return new JsonObject()
        .put("error", new JsonObject().put("code", status).put("message", message))
        .encode();
  }

  @Override
  public String tooLong() {
    return refusal(
        400,
        "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).");
  }

  @Override
  public String lastText(JsonObject body) {
    var contents = body.getJsonArray("contents");
    var parts = contents.getJsonObject(contents.size() - 1).getJsonArray("parts");
    return parts.getJsonObject(parts.size() - 1).getString("text");
  }

  private static JsonArray candidates(String text, @Nullable String finishReason) {
    var content =
        new JsonObject()
            .put("parts", new JsonArray().add(new JsonObject().put("text", text)))
            .put("role", "model");
    var candidate = new JsonObject().put("content", content);
    return new JsonArray()
        .add(finishReason == null ? candidate : candidate.put("finishReason", finishReason));
  }

  private static String event(JsonObject data) {
    return "data: " + data.put("modelVersion", "served") + "\r\n\r\n";
  }

  @Override
  public String toString() {
    return kind();
  }
}
