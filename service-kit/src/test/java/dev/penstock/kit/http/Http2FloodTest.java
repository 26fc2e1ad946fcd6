package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Floods of HTTP/2 frames (CVE-2023-44487, CVE-2024-27316 and its kin, CVE-2025-55163), as they
 * could come through a front end: the connection is closed, and others are served as before.
 */
class Http2FloodTest {
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int GO_AWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int END_HEADERS = 4;
  private static final byte[] GET_ROOT = {(byte) 0x82, (byte) 0x86, (byte) 0x84, 0x41, 1, 'a'};
  private static final byte[] CANCEL = {0, 0, 0, 8};
  private static final byte[] NO_INCREMENT = new byte[4];
  private static final int LIMIT_MS = 20_000;

  private static Wired wired;

  @BeforeAll
  static void start() {
    wired =
        new Wired(
            true,
            HttpListener.Bounds.PUBLIC,
            _ -> request -> request.body().onSuccess(_ -> request.response().end("served")));
  }

  @AfterAll
  static void stop() {
    wired.close();
  }

  @Test
  void streamsThatAreOpenedAndResetAtOnceEndTheConnection() throws IOException {
    flooded(
        (out, number) -> {
          var stream = 2 * number + 1;
          frame(out, HEADERS, END_HEADERS, stream, GET_ROOT);
          frame(out, RESET, 0, stream, CANCEL);
        });
  }

  /** Made to reset its streams itself, by frames that break the rules. */
  @Test
  void streamsThatWeAreMadeToResetEndTheConnection() throws IOException {
    flooded(
        (out, number) -> {
          var stream = 2 * number + 1;
          frame(out, HEADERS, END_HEADERS, stream, GET_ROOT);
          frame(out, WINDOW_UPDATE, 0, stream, NO_INCREMENT);
        });
  }

  @Test
  void aHeadThatNeverEndsEndsTheConnection() throws IOException {
    flooded(
        (out, number) ->
            frame(
                out,
                number == 0 ? HEADERS : CONTINUATION,
                0,
                1,
                number == 0 ? GET_ROOT : new byte[1]));
  }

  @Test
  void emptyPartsOfAHeadEndTheConnection() throws IOException {
    flooded(
        (out, number) ->
            frame(
                out,
                number == 0 ? HEADERS : CONTINUATION,
                0,
                1,
                number == 0 ? GET_ROOT : new byte[0]));
  }

  @Test
  void emptyPartsOfABodyEndTheConnection() throws IOException {
    flooded(
        (out, number) ->
            frame(
                out,
                number == 0 ? HEADERS : DATA,
                number == 0 ? END_HEADERS : 0,
                1,
                number == 0 ? GET_ROOT : new byte[0]));
  }

  @Test
  void aHeadTooLongIsRefused() throws IOException {
    flooded(
        (out, number) ->
            frame(out, number == 0 ? HEADERS : CONTINUATION, 0, 1, number == 0 ? GET_ROOT : big()));
  }

  @FunctionalInterface
  private interface Frames {
    void write(DataOutputStream out, int number) throws IOException;
  }

  private static void flooded(Frames frames) throws IOException {
    try (var socket = wired.connect()) {
      socket.setSoTimeout(LIMIT_MS);
      var out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      out.write(PREFACE.getBytes(StandardCharsets.US_ASCII));
      frame(out, SETTINGS, 0, 0, new byte[0]);
      var told = Thread.ofVirtual().start(() -> flood(frames, out));
      assertThat(endsTheConnection(socket)).isTrue();
      socket.close();
      told.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    try (var other = wired.connect()) {
      Wired.send(other, "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      assertThat(Wired.untilClosed(other, Duration.ofMillis(LIMIT_MS))).contains("served");
    }
  }

  private static void flood(Frames frames, DataOutputStream out) {
    try {
      for (var number = 0; number < 100_000; number++) {
        frames.write(out, number);
      }
      out.flush();
    } catch (IOException e) {
      // It was closed, as it should.
    }
  }

  // GOAWAY, or the end itself.
  private static boolean endsTheConnection(Socket socket) {
    try {
      var in = new DataInputStream(socket.getInputStream());
      while (true) {
        var length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        var type = in.readUnsignedByte();
        in.skipNBytes(5);
        var body = in.readNBytes(length);
        if (type == GO_AWAY && body.length >= 8 && body[7] != 0) {
          return true;
        }
      }
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static byte[] big() {
    var literal = new byte[16_000];
    literal[1] = 1;
    literal[2] = 'x';
    // A value of 15,993 bytes: 127 + (15,866 in groups of seven bits).
    literal[3] = 0x7f;
    literal[4] = (byte) ((15_866 & 0x7f) | 0x80);
    literal[5] = (byte) (15_866 >> 7);
    return literal;
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] body)
      throws IOException {
    out.writeByte(body.length >> 16);
    out.writeShort(body.length);
    out.writeByte(type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(body);
  }
}
