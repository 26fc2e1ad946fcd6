package dev.penstock.gateway.edge;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends whatever bytes it is told to. */
public final class RawSocket implements AutoCloseable {
  private static final int LIMIT_MS = 5000;

  private final Socket socket;
  private final InputStream in;

  /** An answer's head and body. */
  public record Answer(int status, Map<String, String> headers, String body) {
    JsonNode json() {
      return Wire.decode(body, JsonNode.class);
    }

    String code() {
      return json().path("code").asText();
    }
  }

  private RawSocket(Socket socket) throws IOException {
    this.socket = socket;
    this.in = socket.getInputStream();
  }

  public static RawSocket to(int port) {
    try {
      var socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(LIMIT_MS);
      socket.setTcpNoDelay(true);
      return new RawSocket(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One request on a connection of its own. */
  public static Answer ask(int port, String request) {
    return ask(port, request, false);
  }

  /**
   * @param bodiless the answer has no body, whatever its length says, as one to {@code HEAD}
   */
  public static Answer ask(int port, String request, boolean bodiless) {
    try (var socket = to(port)) {
      return socket.send(request).answer(bodiless);
    }
  }

  /**
   * @param text Latin-1, so that any byte can be said
   */
  RawSocket send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  RawSocket send(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  RawSocket closeOutput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next answer, which must have a Content-Length or be without a body. */
  Answer answer() {
    return answer(false);
  }

  private Answer answer(boolean bodiless) {
    try {
      var status = Integer.parseInt(line().split(" ")[1]);
      var headers = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
      for (var line = line(); !line.isEmpty(); line = line()) {
        var colon = line.indexOf(':');
        headers.put(line.substring(0, colon), line.substring(colon + 1).strip());
      }
      var length = bodiless ? 0 : Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
      return new Answer(status, headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new IOException("closed after: " + line);
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  /** Whether the other side closes within {@code limit}, whatever it sends before. */
  boolean isClosedWithin(Duration limit) {
    var end = System.nanoTime() + limit.toNanos();
    try {
      while (true) {
        var left = (end - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        socket.setSoTimeout((int) left);
        if (in.read() < 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
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
}
