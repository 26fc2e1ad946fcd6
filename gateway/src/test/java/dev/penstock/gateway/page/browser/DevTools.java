package dev.penstock.gateway.page.browser;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection of the Chrome DevTools Protocol, shared by all tabs: a command is {@code
 * {id,sessionId,method,params}}, its reply {@code {id,result|error}}, anything else an event.
 * Thread-safe.
 */
final class DevTools implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Map<Integer, CompletableFuture<JsonObject>> replies = new ConcurrentHashMap<>();
  private final Map<String, BiConsumer<String, JsonObject>> listeners = new ConcurrentHashMap<>();
  private final HttpClient http = HttpClient.newHttpClient();
  private final WebSocket socket;
  private CompletableFuture<?> sending = CompletableFuture.completedFuture(null);
  private int lastId;

  DevTools(URI endpoint) {
    socket = http.newWebSocketBuilder().buildAsync(endpoint, new Incoming()).join();
  }

  /** Calls {@code listener} with method and parameters of every event of that session. */
  void listen(String sessionId, BiConsumer<String, JsonObject> listener) {
    listeners.put(sessionId, listener);
  }

  void forget(String sessionId) {
    listeners.remove(sessionId);
  }

  /**
   * Sends a command and waits for its result.
   *
   * @param sessionId the tab; null for the browser itself
   * @throws IllegalStateException if the browser refuses it or does not answer
   */
  JsonObject call(@Nullable String sessionId, String method, JsonObject params) {
    var reply = new CompletableFuture<JsonObject>();
    synchronized (this) {
      var id = ++lastId;
      replies.put(id, reply);
      var command = new JsonObject().put("id", id).put("method", method).put("params", params);
      if (sessionId != null) {
        command.put("sessionId", sessionId);
      }
      // A WebSocket takes one message at a time.
      sending = sending.thenCompose(_ -> socket.sendText(command.encode(), true));
    }
    try {
      return reply.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(method + " failed: " + e.getCause(), e);
    } catch (TimeoutException e) {
      throw new IllegalStateException(method + " was not answered within " + LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(method + " was interrupted", e);
    }
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }

  private void received(JsonObject message) {
    var id = message.getInteger("id");
    if (id != null) {
      var reply = Objects.requireNonNull(replies.remove(id), "a reply nobody waits for");
      if (message.containsKey("error")) {
        reply.completeExceptionally(
            new IllegalStateException(message.getJsonObject("error").encode()));
      } else {
        reply.complete(message.getJsonObject("result"));
      }
      return;
    }
    var session = message.getString("sessionId");
    var listener = session == null ? null : listeners.get(session);
    if (listener != null) {
      listener.accept(message.getString("method"), message.getJsonObject("params"));
    }
  }

  private final class Incoming implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      message.append(data);
      if (last) {
        var whole = message.toString();
        message.setLength(0);
        received(new JsonObject(whole));
      }
      webSocket.request(1);
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      replies.values().forEach(reply -> reply.completeExceptionally(error));
    }
  }
}
