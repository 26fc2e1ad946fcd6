package dev.penstock.bench.relay;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicLong;

/** A collector of spans that takes all and keeps none. */
final class SpanSink implements AutoCloseable {
  private final AtomicLong requests = new AtomicLong();
  private final HttpServer server;

  private SpanSink(HttpServer server) {
    this.server = server;
  }

  static SpanSink open() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var sink = new SpanSink(server);
    server.createContext(
        "/v1/traces",
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            sink.requests.incrementAndGet();
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
          }
        });
    server.start();
    return sink;
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Batches of spans taken so far. */
  long requests() {
    return requests.get();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
