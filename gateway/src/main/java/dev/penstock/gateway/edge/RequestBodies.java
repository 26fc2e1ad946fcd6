package dev.penstock.gateway.edge;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.gateway.problem.Problems;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import java.util.Locale;
import java.util.Set;

/**
 * Reads the bodies of requests, up to the configured size, and only JSON: another media type is
 * refused (415) and a longer body too (413), both without reading it.
 */
final class RequestBodies implements Handler<RoutingContext> {
  private static final String JSON = "application/json";
  private static final Set<String> OF_PATCH = Set.of(JSON, "application/merge-patch+json");

  private final CallerBodies bodies;

  RequestBodies(int maxBytes) {
    bodies = new CallerBodies(maxBytes);
  }

  @Override
  public void handle(RoutingContext ctx) {
    if (hasBody(ctx) && !isJson(ctx)) {
      throw Failure.of(
              FailureCode.UNSUPPORTED_MEDIA_TYPE, "Send the body as " + JSON + " in UTF-8.")
          .asException();
    }
    bodies.handle(ctx);
  }

  /**
   * A body that broke off while it was read, by whatever the parser says, is the client's fault.
   */
  static void failed(RoutingContext ctx) {
    var known = ctx.failure() == null || Problems.isKnown(ctx.failure());
    // The body handler says 200 or 400 for what the connection told it; 500 is what we threw.
    if (!known && ctx.statusCode() != 500 && !ctx.request().isEnded()) {
      ctx.fail(Problems.invalid("body", "framed as its headers say"));
    } else {
      ctx.next();
    }
  }

  private static boolean hasBody(RoutingContext ctx) {
    var headers = ctx.request().headers();
    var length = headers.get(HttpHeaders.CONTENT_LENGTH);
    return length != null
        ? !length.equals("0")
        : headers.contains(HttpHeaders.TRANSFER_ENCODING)
            || (ctx.request().version() == HttpVersion.HTTP_2
                && !ctx.request().isEnded()
                && headers.contains(HttpHeaders.CONTENT_TYPE));
  }

  private static boolean isJson(RoutingContext ctx) {
    var header = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (header == null) {
      return false;
    }
    var parts = header.toLowerCase(Locale.ROOT).split(";");
    for (var i = 1; i < parts.length; i++) {
      var parameter = parts[i].strip().replace("\"", "");
      if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
        return false;
      }
    }
    var type = parts[0].strip();
    return ctx.request().method().equals(HttpMethod.PATCH)
        ? OF_PATCH.contains(type)
        : type.equals(JSON);
  }
}
