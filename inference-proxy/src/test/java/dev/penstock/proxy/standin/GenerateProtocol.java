package dev.penstock.proxy.standin;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A plain vLLM, whose whole answer is one document. */
public final class GenerateProtocol implements Protocol {
  @Override
  public String kind() {
    return "generate";
  }

  @Override
  public @Nullable JsonObject aside(HttpServerRequest request, JsonObject body) {
    return request.path().equals("/generate") ? null : new JsonObject();
  }

  @Override
  public String contentType() {
    return "application/json";
  }

  @Override
  public String delta(String text) {
    return new JsonObject().put("predictions", new JsonArray().add(text)).encode();
  }

  @Override
  public String end(boolean atItsBound, int inputTokens, int outputTokens) {
    return "";
  }

  @Override
  public String brokenOff() {
    return "Internal Server Error";
  }

  @Override
  public String garbage() {
    return "<html>";
  }

  @Override
  public String refusal(int status, String message) {
    return message;
  }

  @Override
  public String tooLong() {
    return "Input prompt (5000 tokens) is too long and exceeds the maximum model length of 4096";
  }

  @Override
  public String lastText(JsonObject body) {
    return body.getString("prompt");
  }
}
