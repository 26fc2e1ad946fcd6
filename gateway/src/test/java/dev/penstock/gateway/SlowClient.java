package dev.penstock.gateway;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Asks for a turn's events with as small a receive buffer as there is, and reads when told to. */
public final class SlowClient implements AutoCloseable {
  private final List<String> chunks = new ArrayList<>();
  private final List<SseEvent> events = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();
  private final SseReader reader = new SseReader(this::event);
  private final Socket socket = new Socket();
  private boolean cutOff;

  public SlowClient(int port, UUID turn) throws IOException {
    this(port, "/v1/turns/" + turn + "/events");
  }

  public SlowClient(int port, String target) throws IOException {
    socket.setReceiveBufferSize(4096);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    var request =
        "GET " + target + " HTTP/1.1\r\nhost: 127.0.0.1\r\naccept: text/event-stream\r\n\r\n";
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
  }

  /** Waits without reading until the server has cut the connection. */
  public SlowClient untilCutOff() {
    await().atMost(Duration.ofSeconds(20)).until(this::refusesMore);
    return this;
  }

  private boolean refusesMore() {
    try {
      // Empty lines before a next request count as nothing (RFC 9112 section 2.2).
      socket.getOutputStream().write('\n');
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Takes all there is, until the response ends or was cut off. */
  public SlowClient readToEnd() {
    try {
      // Any larger, and one read would take more than a reader that is slow.
      var in = new BufferedInputStream(socket.getInputStream(), 2048);
      while (!line(in).isEmpty()) {
        // the head
      }
      for (var size = chunkSize(in); size > 0; size = chunkSize(in)) {
        chunk(in, size);
        line(in);
      }
    } catch (IOException e) {
      cutOff = true;
    }
    return this;
  }

  /** What came of a chunk that breaks off counts. */
  private void chunk(InputStream in, int size) throws IOException {
    var piece = new byte[2048];
    var chunk = new ByteArrayOutputStream(size);
    for (var left = size; left > 0; ) {
      var length = in.read(piece, 0, Math.min(left, piece.length));
      if (length < 0) {
        throw new EOFException();
      }
      reader.feed(Buffer.buffer(Arrays.copyOf(piece, length)));
      chunk.write(piece, 0, length);
      left -= length;
    }
    chunks.add(chunk.toString(StandardCharsets.UTF_8));
  }

  private static int chunkSize(InputStream in) throws IOException {
    return Integer.parseInt(line(in), 16);
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new EOFException();
      }
      if (next != '\r') {
        line.append((char) next);
      }
    }
    return line.toString();
  }

  private void event(SseEvent event) {
    events.add(event);
    if (event.name().equals("delta")) {
      text.append(Wire.decode(event.data(), JsonNode.class).get("text").textValue());
    }
  }

  /** Whether the response broke off, rather than ended. */
  public boolean isCutOff() {
    return cutOff;
  }

  /** The body as it came, one chunk for each of the server's writes. */
  public List<String> chunks() {
    return chunks;
  }

  public List<String> names() {
    return events.stream().map(SseEvent::name).toList();
  }

  /** What the deltas add up to. */
  public String text() {
    return text.toString();
  }

  public String lastEventId() {
    return reader.lastEventId();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
