package dev.penstock.session.isolation;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends recorded statements again, with the very bytes of their values, as the foreground role of
 * one tenant (PostgreSQL 18, chapter 54). Each runs in a transaction that is rolled back.
 */
final class Replay implements AutoCloseable {
  private static final int PROTOCOL_3 = 3 << 16;

  private final Socket socket;
  private final DataInputStream in;
  private final DataOutputStream out;

  /**
   * What the database said.
   *
   * @param rows texts of the rows' bytes, as ISO 8859-1 reads them
   * @param done such as {@code UPDATE 1}
   * @param error an SQLSTATE
   */
  record Outcome(List<String> rows, @Nullable String done, @Nullable String error) {
    /** Its form without what may differ from run to run: ids and times. */
    String shape() {
      return rows.size() + " rows, " + done + ", " + error;
    }
  }

  Replay(int port, String database) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(20_000);
      socket.setTcpNoDelay(true);
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      out = new DataOutputStream(new BufferedOutputStream(socket.getOutputStream()));
      var start = new ByteArrayOutputStream();
      var settings = Map.of("user", "postgres", "database", database, "search_path", "penstock");
      for (var setting : settings.entrySet()) {
        start.write(text(setting.getKey()));
        start.write(text(setting.getValue()));
      }
      out.writeInt(start.size() + 9);
      out.writeInt(PROTOCOL_3);
      start.writeTo(out);
      out.write(0);
      answer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs it as that tenant, then {@code look} as the superuser who sees every row, before all is
   * undone.
   *
   * @return what the statement and the look yielded
   */
  List<Outcome> run(Recorded statement, String tenant, String look) {
    try {
      var begun =
          query(
              "BEGIN; SET LOCAL ROLE penstock_foreground; SET LOCAL app.tenant = '"
                  + tenant
                  + "'; SAVEPOINT asked");
      if (begun.error() != null) {
        throw new IllegalStateException(begun.toString());
      }
      var outcome = prepared(statement);
      if (outcome.error() != null) {
        query("ROLLBACK TO asked");
      }
      query("SET CONSTRAINTS ALL IMMEDIATE; RESET ROLE");
      var seen = query(look);
      query("ROLLBACK");
      return List.of(outcome, seen);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Outcome prepared(Recorded statement) throws IOException {
    send('P', new byte[1], text(statement.sql()), bytes(statement.types()));
    send('B', new byte[2], bytes(statement.values()));
    send('E', new byte[5]);
    send('S');
    return answer();
  }

  /** Statements without values. */
  Outcome query(String sql) throws IOException {
    send('Q', text(sql));
    return answer();
  }

  private void send(char type, byte[]... parts) throws IOException {
    var length = 4;
    for (var part : parts) {
      length += part.length;
    }
    out.write(type);
    out.writeInt(length);
    for (var part : parts) {
      out.write(part);
    }
  }

  private Outcome answer() throws IOException {
    out.flush();
    var rows = new ArrayList<String>();
    String done = null;
    String error = null;
    while (true) {
      var type = in.readUnsignedByte();
      var body = in.readNBytes(in.readInt() - 4);
      switch (type) {
        case 'D' -> rows.add(new String(body, StandardCharsets.ISO_8859_1));
        case 'C' -> done = new String(body, 0, body.length - 1, StandardCharsets.UTF_8);
        case 'E' -> error = state(new String(body, StandardCharsets.UTF_8));
        case 'Z' -> {
          return new Outcome(rows, done, error);
        }
        default -> {}
      }
    }
  }

  private static String state(String error) {
    for (var field : error.split("\0")) {
      if (field.startsWith("C")) {
        return field.substring(1);
      }
    }
    return error;
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.UTF_8);
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
