package dev.penstock.kit.problem;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;

/**
 * A body nobody will read, of a request that is answered before it came.
 *
 * <p>A short one is thrown away and the connection stays. Otherwise the connection is closed, but
 * not at once: that would reset it under the bytes still coming in, and the reset can destroy the
 * answer on its way.
 *
 * @param isShort whether it is known to end soon
 */
record UnreadBody(RoutingContext ctx, boolean isShort) {
  private static final long MOMENT_MS = 2000;
  private static final long NO_ERROR = 0;
  private static final int SHORT_BYTES = 64 * 1024;

  /** The unread body of a request; empty if it has none. */
  static Optional<UnreadBody> of(RoutingContext ctx) {
    var request = ctx.request();
    var length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    var hasBody =
        length != null
            ? !length.equals("0")
            : request.headers().contains(HttpHeaders.TRANSFER_ENCODING)
                || request.version() == HttpVersion.HTTP_2;
    if (request.isEnded() || !hasBody) {
      return Optional.empty();
    }
    return Optional.of(new UnreadBody(ctx, length != null && isShort(length)));
  }

  private static boolean isShort(String length) {
    return length.length() <= 9 && Long.parseLong(length) <= SHORT_BYTES;
  }

  void answer(Buffer answer) {
    var request = ctx.request();
    if (request.version() == HttpVersion.HTTP_2) {
      ctx.response().end(answer).onSuccess(_ -> ctx.response().reset(NO_ERROR));
    } else if (isShort) {
      ctx.response().end(answer);
      discard(request);
    } else {
      ctx.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE).end(answer);
      discard(request);
      closeSoon(request);
    }
  }

  private static void discard(HttpServerRequest request) {
    request.exceptionHandler(_ -> {}).handler(_ -> {}).endHandler(_ -> {}).resume();
  }

  private void closeSoon(HttpServerRequest request) {
    var connection = request.connection();
    var timer = ctx.vertx().setTimer(MOMENT_MS, _ -> connection.close());
    request.exceptionHandler(_ -> ctx.vertx().cancelTimer(timer));
    request.endHandler(
        _ -> {
          ctx.vertx().cancelTimer(timer);
          connection.close();
        });
  }
}
