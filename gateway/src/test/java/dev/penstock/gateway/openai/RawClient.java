package dev.penstock.gateway.openai;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** An HTTP/1.1 client that shows the bytes, chunk by chunk. Every read gives up after 5 s. */
final class RawClient implements Closeable {
  private final Socket socket = new Socket();
  private final InputStream in;

  RawClient(int port) {
    try {
      socket.setReceiveBufferSize(8 * 1024);
      socket.setSoTimeout(5_000);
      socket.setTcpNoDelay(true);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      in = socket.getInputStream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawClient post(String json, String... headers) throws IOException {
    var body = json.getBytes(StandardCharsets.UTF_8);
    var head =
        new StringBuilder("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n")
            .append("Content-Type: application/json\r\nContent-Length: ")
            .append(body.length)
            .append("\r\n");
    for (var header : headers) {
      head.append(header).append("\r\n");
    }
    return raw(head + "\r\n" + json);
  }

  RawClient raw(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** Waits for the head of the answer. */
  Head head() throws IOException {
    var status = Integer.parseInt(line().split(" ")[1]);
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return new Head(status, headers);
  }

  /** The next chunk of a chunked body; empty for the last one. */
  String chunk() throws IOException {
    var size = Integer.parseInt(line(), 16);
    var chunk = new String(in.readNBytes(size), StandardCharsets.UTF_8);
    line();
    return chunk;
  }

  /** What is left of a chunked body. */
  String rest() throws IOException {
    var rest = new StringBuilder();
    for (var chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
      rest.append(chunk);
    }
    return rest.toString();
  }

  /** A body whose length the head told. */
  String document(Head head) throws IOException {
    var length = Integer.parseInt(head.headers().get("content-length"));
    return new String(in.readNBytes(length), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("the connection ended");
      }
      line.write(b);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  record Head(int status, Map<String, String> headers) {
    @Nullable String header(String name) {
      return headers.get(name);
    }
  }
}
