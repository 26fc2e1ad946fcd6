package dev.penstock.kit.http;

import dev.penstock.kit.problem.Problem;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.UUID;

/**
 * Answers what the HTTP parser gave up on, with a problem and a closed connection: broken framing,
 * a request line or headers too long. Nothing of such a request can be trusted, so nothing of it is
 * repeated.
 */
final class BrokenRequestHandler implements Handler<HttpServerRequest> {
  @Override
  public void handle(HttpServerRequest request) {
    var requestId = UUID.randomUUID().toString();
    var problem = Problem.ofStatus(status(request.decoderResult().cause()));
    request
        .response()
        .setStatusCode(problem.status())
        .putHeader(RequestId.HEADER, requestId)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/problem+json")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE)
        .end(problem.toJson(requestId).toBuffer());
  }

  private static int status(Throwable cause) {
    return switch (cause) {
      case TooLongHttpLineException _ -> 414;
      case TooLongHttpHeaderException _ -> 431;
      default -> 400;
    };
  }
}
