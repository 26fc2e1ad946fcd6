package dev.penstock.gateway.gemini;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One request over HTTP/1.1 and its answer chunk by chunk. Every read gives up after 20 s. */
final class StreamReader implements Closeable {
  private final Socket socket;
  private final InputStream in;

  StreamReader(int port, String target, String json) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(20_000);
    in = socket.getInputStream();
    var body = json.getBytes(StandardCharsets.UTF_8);
    socket
        .getOutputStream()
        .write(
            ("POST "
                    + target
                    + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "x-goog-api-key: any\r\nContent-Length: "
                    + body.length
                    + "\r\n\r\n"
                    + json)
                .getBytes(StandardCharsets.UTF_8));
  }

  /** The head, with {@code :status} among the headers, which are in lower case. */
  Map<String, String> head() throws IOException {
    var headers = new TreeMap<String, String>();
    headers.put(":status", line().split(" ")[1]);
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  /** The next chunk; empty for the end. */
  String chunk() throws IOException {
    var size = Integer.parseInt(line(), 16);
    var chunk = new String(in.readNBytes(size), StandardCharsets.UTF_8);
    line();
    return chunk;
  }

  /** All chunks to the end. */
  List<String> chunks() throws IOException {
    var chunks = new ArrayList<String>();
    for (var chunk = chunk(); !chunk.isEmpty(); chunk = chunk()) {
      chunks.add(chunk);
    }
    return chunks;
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
}
