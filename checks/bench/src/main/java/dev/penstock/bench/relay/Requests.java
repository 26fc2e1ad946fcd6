package dev.penstock.bench.relay;

import dev.penstock.bench.token.Order;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Supplier;

/** The same order in each route's dialect, as the bytes of an HTTP/1.1 request. */
final class Requests {
  private static final int DEADLINE_MS = 600_000;

  private Requests() {}

  /**
   * What a client of {@code route} sends, one after the other.
   *
   * @param session the session of the next stored turn
   */
  static Supplier<byte[]> on(Route route, Order order, Supplier<String> session) {
    return switch (route) {
      case DIRECT, NGINX -> same(backend(order));
      case PROXY -> same(proxy(order));
      case STATELESS -> same(stateless(order));
      case GEMINI -> same(gemini(order));
      case OLLAMA -> same(backend(order));
      case STORED -> () -> stored(session.get(), order);
    };
  }

  private static Supplier<byte[]> same(byte[] request) {
    return () -> request;
  }

  private static byte[] backend(Order order) {
    return post(
        "/api/chat",
        "{\"model\":\"bench:1b\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
            + order.prompt()
            + "\"}]}");
  }

  private static byte[] proxy(Order order) {
    var request =
        new GenerationRequest(
            "default",
            null,
            "bench:1b",
            List.of(new ChatMessage(Role.USER, order.prompt())),
            GenerationOptions.NONE.withMaxTokens(order.tokens() + 1),
            false,
            Priority.INTERACTIVE,
            DEADLINE_MS);
    return post("/generations", Wire.text(request));
  }

  private static byte[] stateless(Order order) {
    return post(
        "/v1/chat/completions",
        "{\"model\":\"bench:1b\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\""
            + order.prompt()
            + "\"}]}");
  }

  private static byte[] gemini(Order order) {
    return post(
        "/v1beta/models/bench:1b:streamGenerateContent?alt=sse",
        "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + order.prompt() + "\"}]}]}");
  }

  private static byte[] stored(String session, Order order) {
    return post(
        "/v1/sessions/" + session + "/turns", "{\"input\":{\"text\":\"" + order.prompt() + "\"}}");
  }

  private static byte[] post(String path, String json) {
    return ("POST "
            + path
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            + "Accept: text/event-stream\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n"
            + json)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
