package dev.penstock.kit.metrics;

import io.vertx.core.http.HttpMethod;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One request and its response while they last. Confined to the event loop of its connection. */
final class Exchange {
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
  private static final String OTHER_METHOD = "_OTHER";

  private final long beganNanos = System.nanoTime();
  private final String method;
  private String route = "";
  private String status = "";
  private boolean stream;
  private boolean over;

  Exchange(HttpMethod method) {
    this.method = METHODS.contains(method.name()) ? method.name() : OTHER_METHOD;
  }

  /** The last route is the one that answers; those for every path say nothing. */
  void routed(@Nullable String to) {
    if (to != null && to.startsWith("/")) {
      route = to;
    }
  }

  void answered(int code, boolean asStream) {
    status = Integer.toString(code);
    stream = asStream;
  }

  /** Ends it; returns false if it had ended before. */
  boolean end() {
    var ends = !over;
    over = true;
    return ends;
  }

  String method() {
    return method;
  }

  String route() {
    return route;
  }

  /** Empty where none was sent. */
  String status() {
    return status;
  }

  String stream() {
    return Boolean.toString(stream);
  }

  long nanos() {
    return System.nanoTime() - beganNanos;
  }
}
