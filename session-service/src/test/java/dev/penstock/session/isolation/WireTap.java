package dev.penstock.session.isolation;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Stands between a service and PostgreSQL and keeps every statement, with its values, that the
 * foreground pool sends (PostgreSQL 18, chapter 54: Parse and Bind).
 */
final class WireTap implements AutoCloseable {
  private static final String FOREGROUND = "application_name\0penstock-foreground\0";

  // A client may first ask whether the connection can be encrypted.
  private static final int QUESTION_BYTES = 4;

  private final Set<Recorded> recorded = new LinkedHashSet<>();
  private final ServerSocket server;
  private final int databasePort;

  WireTap(int databasePort) {
    this.databasePort = databasePort;
    try {
      server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return server.getLocalPort();
  }

  /** What was sent up to now, each statement once for every set of values. */
  List<Recorded> recorded() {
    synchronized (recorded) {
      return List.copyOf(recorded);
    }
  }

  private void accept() {
    try {
      while (true) {
        var client = server.accept();
        Thread.ofVirtual().start(() -> relay(client));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void relay(Socket client) {
    try (client;
        var database = new Socket(InetAddress.getLoopbackAddress(), databasePort)) {
      var answers = Thread.ofVirtual().start(() -> copy(database, client));
      listen(client, database);
      answers.join();
    } catch (IOException e) {
      // One of them has left; the other sees its connection end.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void listen(Socket client, Socket database) throws IOException {
    try (client;
        database) {
      var in = new DataInputStream(client.getInputStream());
      var out = new DataOutputStream(database.getOutputStream());
      byte[] start;
      do {
        start = in.readNBytes(in.readInt() - 4);
        out.writeInt(start.length + 4);
        out.write(start);
        out.flush();
      } while (start.length == QUESTION_BYTES);
      var kept = new String(start, StandardCharsets.UTF_8).contains(FOREGROUND);
      var statements = new HashMap<String, Recorded>();
      for (var type = in.read(); type >= 0; type = in.read()) {
        var body = in.readNBytes(in.readInt() - 4);
        if (kept) {
          hear(type, body, statements);
        }
        var message = ByteBuffer.allocate(body.length + 5);
        message.put((byte) type).putInt(body.length + 4).put(body);
        out.write(message.array());
        out.flush();
      }
    }
  }

  private void hear(int type, byte[] body, Map<String, Recorded> statements) {
    var in = ByteBuffer.wrap(body);
    switch (type) {
      case 'P' -> statements.put(text(in), new Recorded(text(in), rest(in), ""));
      case 'B' -> {
        text(in);
        var parsed = Objects.requireNonNull(statements.get(text(in)));
        synchronized (recorded) {
          recorded.add(new Recorded(parsed.sql(), parsed.types(), rest(in)));
        }
      }
      default -> {}
    }
  }

  private static String text(ByteBuffer in) {
    var start = in.position();
    while (in.get() != 0) {
      // up to the end of the text
    }
    return StandardCharsets.UTF_8.decode(in.slice(start, in.position() - 1 - start)).toString();
  }

  private static String rest(ByteBuffer in) {
    return StandardCharsets.ISO_8859_1.decode(in).toString();
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The other direction has closed them.
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
