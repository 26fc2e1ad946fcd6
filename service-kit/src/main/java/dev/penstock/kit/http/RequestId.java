package dev.penstock.kit.http;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Gives every request an id and every response its {@code X-Request-Id}: the caller's own where it
 * is well-formed (1 to 128 visible ASCII characters), else a new one.
 */
public final class RequestId implements Handler<RoutingContext> {
  /** The header, both ways. */
  public static final String HEADER = "X-Request-Id";

  private static final String KEY = RequestId.class.getName();

  @Override
  public void handle(RoutingContext ctx) {
    var given = ctx.request().getHeader(HEADER);
    var id = given != null && wellFormed(given) ? given : UUID.randomUUID().toString();
    ctx.put(KEY, id);
    ctx.response().putHeader(HEADER, id);
    ctx.next();
  }

  /** The id of this request; {@code unknown} where the handler did not run. */
  public static String of(RoutingContext ctx) {
    @Nullable String id = ctx.get(KEY);
    return id == null ? "unknown" : id;
  }

  private static boolean wellFormed(String id) {
    return !id.isEmpty() && id.length() <= 128 && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
