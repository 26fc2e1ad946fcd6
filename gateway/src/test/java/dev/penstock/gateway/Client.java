package dev.penstock.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.openapi.Exchange;
import dev.penstock.gateway.openapi.OpenApiContract;
import dev.penstock.gateway.openapi.OpenApiDocument;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import org.jspecify.annotations.Nullable;

/** Calls a gateway as a program does, and holds every exchange against the OpenAPI document. */
public final class Client {
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private static final OpenApiContract CONTRACT =
      OpenApiContract.of(OpenApiDocument.json().toString());

  private final URI gateway;

  /** An answer, whole. */
  public record Answer(int status, java.net.http.HttpHeaders headers, String body) {
    public JsonNode json() {
      return Wire.decode(body, JsonNode.class);
    }

    public String header(String name) {
      return headers.firstValue(name).orElse("");
    }

    public String code() {
      return json().path("code").asText();
    }

    public JsonNode error() {
      return json().path("errors").path(0);
    }
  }

  public Client(URI gateway) {
    this.gateway = gateway;
  }

  public Answer get(String path, String... headers) {
    return call("GET", path, null, headers);
  }

  public Answer post(String path, String body, String... headers) {
    return call("POST", path, body, headers);
  }

  public Answer patch(String path, String body, String... headers) {
    return call("PATCH", path, body, headers);
  }

  public Answer delete(String path) {
    return call("DELETE", path, null);
  }

  /**
   * @param headers names and values in turn; a body goes as {@code application/json} unless they
   *     say otherwise
   */
  public Answer call(String method, String path, @Nullable String body, String... headers) {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .timeout(Duration.ofSeconds(10))
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body));
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    for (var i = 0; i < headers.length; i += 2) {
      request.setHeader(headers[i], headers[i + 1]);
    }
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      var received = new HashMap<String, String>();
      response.headers().map().forEach((name, values) -> received.put(name, values.getFirst()));
      CONTRACT.check(
          new Exchange(method, path, body, response.statusCode(), received, response.body()));
      return new Answer(response.statusCode(), response.headers(), response.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
