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
    give(ctx);
    ctx.next();
  }

  private static String give(RoutingContext ctx) {
    var given = ctx.request().getHeader(HEADER);
    var id = given != null && wellFormed(given) ? given : UUID.randomUUID().toString();
    ctx.put(KEY, id);
    if (!ctx.response().headWritten()) {
      ctx.response().putHeader(HEADER, id);
    }
    return id;
  }

  /** The id of this request; it gets one now where it failed before the handler ran. */
  public static String of(RoutingContext ctx) {
    @Nullable String id = ctx.get(KEY);
    return id == null ? give(ctx) : id;
  }

  private static boolean wellFormed(String id) {
    return !id.isEmpty() && id.length() <= 128 && id.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
