package dev.penstock.local.endtoend;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** A collector of OTLP over HTTP that keeps what it gets. */
final class Collector implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final List<Traced> spans = new CopyOnWriteArrayList<>();
  private final List<ExportTraceServiceRequest> requests = new CopyOnWriteArrayList<>();
  private final HttpServer server;

  private Collector(HttpServer server) {
    this.server = server;
  }

  static Collector start() throws IOException {
    var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    var collector = new Collector(server);
    server.createContext("/v1/traces", collector::take);
    server.start();
    return collector;
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      var request = ExportTraceServiceRequest.parseFrom(exchange.getRequestBody());
      requests.add(request);
      for (var sender : request.getResourceSpansList()) {
        var service =
            sender.getResource().getAttributesList().stream()
                .filter(each -> each.getKey().equals("service.name"))
                .findFirst()
                .orElseThrow()
                .getValue()
                .getStringValue();
        for (var scope : sender.getScopeSpansList()) {
          scope.getSpansList().forEach(span -> spans.add(new Traced(service, span)));
        }
      }
      var answer = ExportTraceServiceResponse.getDefaultInstance().toByteArray();
      exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
      exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
      exchange.getResponseBody().write(answer);
    }
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Everything there is, as text. */
  String text() {
    return requests.toString();
  }

  List<Traced> of(String trace) {
    return spans.stream().filter(span -> span.trace().equals(trace)).toList();
  }

  /** The one span of a trace that is of that service and name, once it is there. */
  Traced await(String trace, String service, String name) {
    return await(trace, span -> span.service().equals(service) && span.name().equals(name));
  }

  /** The first span of a trace that is wanted, once it is there. */
  Traced await(String trace, Predicate<Traced> wanted) {
    return Awaitility.await()
        .atMost(LIMIT)
        .until(
            () -> of(trace).stream().filter(wanted).findFirst().orElse(null), span -> span != null);
  }

  @Override
  public void close() {
    server.stop(0);
  }

  /** A span and who sent it. */
  record Traced(String service, Span span) {
    private static final HexFormat HEX = HexFormat.of();

    String trace() {
      return HEX.formatHex(span.getTraceId().toByteArray());
    }

    String id() {
      return HEX.formatHex(span.getSpanId().toByteArray());
    }

    String parent() {
      return HEX.formatHex(span.getParentSpanId().toByteArray());
    }

    String name() {
      return span.getName();
    }

    boolean isError() {
      return span.getStatus().getCode()
          == io.opentelemetry.proto.trace.v1.Status.StatusCode.STATUS_CODE_ERROR;
    }

    List<String> events() {
      return span.getEventsList().stream().map(Span.Event::getName).toList();
    }

    /** Span ids it is linked to. */
    List<String> links() {
      return span.getLinksList().stream()
          .map(link -> HEX.formatHex(link.getSpanId().toByteArray()))
          .toList();
    }

    /** An attribute as text; empty where there is none. */
    String attribute(String key) {
      return span.getAttributesList().stream()
          .filter(each -> each.getKey().equals(key))
          .findFirst()
          .map(
              each ->
                  switch (each.getValue().getValueCase()) {
                    case STRING_VALUE -> each.getValue().getStringValue();
                    case INT_VALUE -> Long.toString(each.getValue().getIntValue());
                    case DOUBLE_VALUE -> Double.toString(each.getValue().getDoubleValue());
                    case BOOL_VALUE -> Boolean.toString(each.getValue().getBoolValue());
                    case ARRAY_VALUE ->
                        each.getValue().getArrayValue().getValuesList().stream()
                            .map(value -> value.getStringValue())
                            .toList()
                            .toString();
                    default -> each.getValue().toString();
                  })
          .orElse("");
    }
  }
}
