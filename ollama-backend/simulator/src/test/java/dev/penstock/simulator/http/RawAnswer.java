package dev.penstock.simulator.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** One connection with one request, its answer read byte by byte as it was sent. */
final class RawAnswer implements AutoCloseable {
  private static final int LIMIT_MS = 10_000;

  private final Socket socket;
  private final InputStream in;
  private List<String> head = List.of();

  private RawAnswer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  static RawAnswer to(int port, String request) {
    try {
      var socket = new Socket();
      // A small window, so that a server soon notices who does not read.
      socket.setReceiveBufferSize(16_384);
      socket.setSoTimeout(LIMIT_MS);
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
      return new RawAnswer(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RawAnswer post(int port, String path, String body) {
    return to(
        port,
        "POST %s HTTP/1.1\r\nHost: localhost:%d\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(path, port, body.getBytes(StandardCharsets.UTF_8).length, body));
  }

  static RawAnswer get(int port, String path) {
    return to(port, "GET %s HTTP/1.1\r\nHost: localhost:%d\r\n\r\n".formatted(path, port));
  }

  /** The status line and the headers, waiting for them. */
  List<String> head() {
    if (head.isEmpty()) {
      var lines = new ArrayList<String>();
      for (var line = line(); !line.isEmpty(); line = line()) {
        lines.add(line);
      }
      head = lines;
    }
    return head;
  }

  String statusLine() {
    return head().getFirst();
  }

  Optional<String> header(String name) {
    var start = name.toLowerCase(Locale.ROOT) + ":";
    return head().stream()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(start))
        .map(line -> line.substring(start.length()).strip())
        .findFirst();
  }

  /** The next chunk of a chunked body; empty after the last. */
  Optional<String> chunk() {
    head();
    var length = Integer.parseInt(line(), 16);
    var text = text(length);
    line();
    return length == 0 ? Optional.empty() : Optional.of(text);
  }

  /** All chunks that are left. */
  List<String> chunks() {
    var chunks = new ArrayList<String>();
    for (var chunk = chunk(); chunk.isPresent(); chunk = chunk()) {
      chunks.add(chunk.get());
    }
    return chunks;
  }

  /** The body, counted or chunked. */
  String body() {
    return header("content-length")
        .map(length -> text(Integer.parseInt(length)))
        .orElseGet(() -> String.join("", chunks()));
  }

  /** Closes this side of the connection only. */
  void stopSending() {
    try {
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a byte has come that was not read; never waits. */
  boolean hasSentSomething() {
    try {
      return in.available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of the connection and tells how it came: {@code fin} or {@code reset}. */
  String end() {
    try {
      while (in.read() >= 0) {
        // what is left does not matter
      }
      return "fin";
    } catch (IOException e) {
      return "reset";
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() {
    var line = new StringBuilder();
    for (var c = read(); c != '\n'; c = read()) {
      if (c != '\r') {
        line.append((char) c);
      }
    }
    return line.toString();
  }

  private String text(int length) {
    try {
      return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private int read() {
    try {
      var c = in.read();
      if (c < 0) {
        throw new EOFException();
      }
      return c;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
