package dev.penstock.simulator.http;

import dev.penstock.simulator.wire.OllamaError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * One request with its whole body, and the forms its answer can take.
 *
 * @param startedAt {@link System#nanoTime()} when the request's head was there
 */
record Exchange(HttpServerRequest request, Buffer body, long startedAt) {
  /** Go's server chunks what its 2 KiB buffer does not hold. */
  private static final int LONGEST_COUNTED = 2048;

  /** RFC 9110's date, whose day has two digits. */
  private static final DateTimeFormatter IMF_FIXDATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);

  static final String TEXT = "text/plain";
  static final String TEXT_UTF8 = "text/plain; charset=utf-8";
  private static final String JSON_UTF8 = "application/json; charset=utf-8";

  HttpServerResponse response() {
    return request.response();
  }

  /**
   * Calls {@code gone} if the client leaves before its answer is complete. To be called before the
   * answer can begin.
   */
  void onClientGone(Runnable gone) {
    request.response().closeHandler(_ -> gone.run());
  }

  void json(int status, Buffer json) {
    send(status, JSON_UTF8, json);
  }

  void refuse(OllamaError error) {
    json(error.status(), error.body());
  }

  void text(int status, String contentType, String text) {
    send(status, contentType, Buffer.buffer(text));
  }

  private void send(int status, String contentType, Buffer content) {
    var response = head(request.response().setStatusCode(status), contentType);
    if (content.length() <= LONGEST_COUNTED || request.method().equals(HttpMethod.HEAD)) {
      response.putHeader("Content-Length", Integer.toString(content.length()));
    } else {
      response.setChunked(true);
    }
    if (request.method().equals(HttpMethod.HEAD)) {
      response.end();
    } else {
      response.end(content);
    }
  }

  /** Sets the headers that every answer has, in Go's order. */
  static HttpServerResponse head(HttpServerResponse response, String contentType) {
    return dated(response.putHeader("Content-Type", contentType));
  }

  static HttpServerResponse dated(HttpServerResponse response) {
    return response.putHeader("Date", IMF_FIXDATE.format(ZonedDateTime.now(ZoneOffset.UTC)));
  }
}
