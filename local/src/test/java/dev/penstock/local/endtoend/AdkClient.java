package dev.penstock.local.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.penstock.gateway.openapi.Exchange;
import dev.penstock.gateway.openapi.OpenApiContract;
import dev.penstock.gateway.openapi.OpenApiDocument;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A client of ADK's API that sees how the server's writes are cut: each is a chunk of HTTP/1.1.
 * What it reads to the end is held against the gateway's OpenAPI document.
 */
final class AdkClient implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LIMIT_MS = 30_000;
  private static final OpenApiContract CONTRACT =
      OpenApiContract.of(OpenApiDocument.json().toString());

  private final Socket socket;
  private final InputStream in;
  private final List<String> writes = new ArrayList<>();
  private final String body;
  private final String head;

  private AdkClient(URI gateway, String body, String header) {
    this.body = body;
    try {
      socket = new Socket(gateway.getHost(), gateway.getPort());
      socket.setSoTimeout(LIMIT_MS);
      var bytes = body.getBytes(StandardCharsets.UTF_8);
      var request =
          "POST /run_sse HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n%s"
              .formatted(gateway.getPort(), header);
      socket
          .getOutputStream()
          .write(
              (request + "Content-Length: " + bytes.length + "\r\n\r\n" + body)
                  .getBytes(StandardCharsets.UTF_8));
      in = socket.getInputStream();
      var lines = new StringBuilder();
      for (var line = line(); !line.isEmpty(); line = line()) {
        lines.append(line).append('\n');
      }
      head = lines.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Begins a run as a stream. */
  static AdkClient run(URI gateway, String body) {
    return new AdkClient(gateway, body, "");
  }

  /** The same under a key, so that a second one attaches to the first (turns.md T-5). */
  static AdkClient run(URI gateway, String body, String key) {
    return new AdkClient(gateway, body, "Idempotency-Key: " + key + "\r\n");
  }

  String head() {
    return head;
  }

  /** Reads the next write; false at the end of the body. */
  boolean next() {
    try {
      var size = Integer.parseInt(line(), 16);
      var bytes = in.readNBytes(size);
      line();
      if (size > 0) {
        writes.add(new String(bytes, StandardCharsets.UTF_8));
      }
      return size > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  AdkClient untilEnd() {
    while (next()) {
      // until there is no more
    }
    CONTRACT.check(
        new Exchange(
            "POST",
            "/run_sse",
            body,
            200,
            Map.of("content-type", "text/event-stream"),
            String.join("", writes)));
    return this;
  }

  /** Reads until that many partial events came. */
  AdkClient untilPartials(int count) {
    while (partials().size() < count && next()) {
      // until there are enough
    }
    return this;
  }

  /** Every write so far but keep-alives. */
  List<String> writes() {
    return writes.stream().filter(write -> !write.equals(":\n")).toList();
  }

  List<JsonNode> events() {
    return writes().stream().map(AdkClient::event).toList();
  }

  List<JsonNode> partials() {
    return events().stream().filter(event -> event.has("partial")).toList();
  }

  /** What the partial events said together. */
  String partialText() {
    return partials().stream()
        .map(event -> event.at("/content/parts/0/text").asText())
        .collect(Collectors.joining());
  }

  private static JsonNode event(String write) {
    try {
      return JSON.readTree(write.substring("data: ".length()));
    } catch (IOException e) {
      throw new UncheckedIOException(write, e);
    }
  }

  private String line() throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new IOException("the connection ended after " + line);
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
