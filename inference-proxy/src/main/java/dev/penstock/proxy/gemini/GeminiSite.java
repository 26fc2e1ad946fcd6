package dev.penstock.proxy.gemini;

import dev.penstock.proxy.exchange.ServerAddress;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/**
 * Where Gemini's models are.
 *
 * @param models route of all of them, to which a model's name and its method are added
 */
public record GeminiSite(ServerAddress address, String models) {
  /** Gemini's own API; version {@code v1beta} where the URL has no path. */
  public static GeminiSite api(URI url) {
    return new GeminiSite(ServerAddress.of(url, "/v1beta"), "/models");
  }

  /**
   * Vertex.
   *
   * @param url with project and location, {@code
   *     https://europe-west1-aiplatform.googleapis.com/v1/projects/p/locations/europe-west1}
   */
  public static GeminiSite vertex(URI url) {
    return new GeminiSite(ServerAddress.of(url, ""), "/publishers/google/models");
  }

  RequestOptions stream(String model) {
    return address.post(route(model) + ":streamGenerateContent?alt=sse");
  }

  RequestOptions about(String model) {
    return address.get(route(model));
  }

  RequestOptions list() {
    return address.get(models + "?pageSize=1");
  }

  private String route(String model) {
    return models + "/" + URLEncoder.encode(model, StandardCharsets.UTF_8);
  }
}
