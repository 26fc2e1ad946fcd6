package dev.penstock.proxy;

import static org.assertj.core.api.Assumptions.assumeThat;

import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/**
 * The proxy in front of the real Ollama that {@code OLLAMA_URL} names, with the model that {@code
 * GEMMA_MODEL_NAME} names or the first it lists; skipped where there is none.
 */
class RealOllamaTest extends OllamaContract {
  private static @Nullable ProxyDriver proxy;
  private static String model = "";

  @BeforeAll
  static void start() {
    var url = System.getenv("OLLAMA_URL");
    assumeThat(url).as("OLLAMA_URL names a real Ollama").isNotBlank();
    var started = ProxyDriver.start(Map.of("PENSTOCK_FIRST_TOKEN_TIMEOUT_MS", "600000"), url);
    proxy = started;
    var named = System.getenv("GEMMA_MODEL_NAME");
    JsonObject first = started.get("/models").getJsonArray("data").getJsonObject(0);
    model = named == null ? first.getString("id") : named;
  }

  @AfterAll
  static void stop() {
    if (proxy != null) {
      proxy.awaitIdle();
      proxy.close();
    }
  }

  @Override
  ProxyDriver proxy() {
    if (proxy == null) {
      throw new IllegalStateException("not started");
    }
    return proxy;
  }

  @Override
  String model() {
    return model;
  }
}
