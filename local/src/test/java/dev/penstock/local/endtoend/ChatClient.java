package dev.penstock.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.gateway.openapi.Exchange;
import dev.penstock.gateway.openapi.OpenApiContract;
import dev.penstock.gateway.openapi.OpenApiDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A client of one gateway's public API, with nothing of our own code in it but the reader. Every
 * exchange, streams too, is held against the gateway's OpenAPI document.
 */
public final class ChatClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final OpenApiContract CONTRACT =
      OpenApiContract.of(OpenApiDocument.json().toString());

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();
  private final URI base;

  public ChatClient(URI base) {
    this.base = base;
  }

  /** One whole answer. */
  public record Reply(int status, HttpResponse<String> response) {
    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(response.body(), e);
      }
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  public String newSession() {
    return call("POST", "/v1/sessions", "{}").json().get("id").asText();
  }

  /** The body of a turn that asks for exactly {@code tokens} tokens of the simulator. */
  public static String ask(int tokens, String... members) {
    var more = new StringBuilder();
    for (var member : members) {
      more.append(',').append(member);
    }
    return "{\"input\":{\"text\":\"Tell me a story. [tokens="
        + tokens
        + "]\"},\"options\":{\"max_tokens\":"
        + (tokens + 100)
        + "}"
        + more
        + "}";
  }

  /** The body of a turn in which the simulator says just that. */
  static String say(String text) {
    return JSON.createObjectNode()
        .set("input", JSON.createObjectNode().put("text", "[say]" + text))
        .toString();
  }

  public Reply call(String method, String path, @Nullable String body, String... headers) {
    try {
      return callAsync(method, path, body, headers).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw new IllegalStateException(method + " " + path, e.getCause());
    }
  }

  CompletableFuture<Reply> callAsync(
      String method, String path, @Nullable String body, String... headers) {
    return http.sendAsync(
            request(method, path, body, headers).timeout(LIMIT).build(), BodyHandlers.ofString())
        .thenApply(
            response -> {
              CONTRACT.check(exchange(method, path, body, response, response.body()));
              return new Reply(response.statusCode(), response);
            });
  }

  public Reply get(String path, String... headers) {
    return call("GET", path, null, headers);
  }

  /** Starts a turn and reads its stream. */
  EventStream turn(String session, String body, String... headers) {
    return stream("POST", "/v1/sessions/" + session + "/turns", body, headers);
  }

  /** Follows a turn, from a position where one is given. */
  public EventStream follow(String turn, @Nullable String lastEventId) {
    return lastEventId == null
        ? stream("GET", "/v1/turns/" + turn + "/events", null)
        : stream("GET", "/v1/turns/" + turn + "/events", null, "Last-Event-ID", lastEventId);
  }

  /** Follows a turn from a position. */
  EventStream follow(String turn, String lastEventId, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Last-Event-ID", lastEventId));
    return stream("GET", "/v1/turns/" + turn + "/events", null, all.toArray(String[]::new));
  }

  EventStream stream(String method, String path, @Nullable String body, String... headers) {
    var all = new ArrayList<>(List.of(headers));
    all.addAll(List.of("Accept", "text/event-stream"));
    try {
      HttpResponse<InputStream> response =
          http.send(
              request(method, path, body, all.toArray(String[]::new)).build(),
              BodyHandlers.ofInputStream());
      return new EventStream(
          response, heard -> CONTRACT.check(exchange(method, path, body, response, heard)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Exchange exchange(
      String method,
      String path,
      @Nullable String body,
      HttpResponse<?> response,
      String responseBody) {
    var headers = new HashMap<String, String>();
    response.headers().map().forEach((name, values) -> headers.put(name, values.getFirst()));
    return new Exchange(method, path, body, response.statusCode(), headers, responseBody);
  }

  private HttpRequest.Builder request(
      String method, String path, @Nullable String body, String... headers) {
    var request =
        HttpRequest.newBuilder(base.resolve(path))
            .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (body != null) {
      request.header("Content-Type", "application/json");
    }
    for (var i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request;
  }
}
