package dev.penstock.bench.backend;

import dev.penstock.bench.token.Order;
import dev.penstock.bench.token.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * One answer: a chunk of HTTP per token, each one line of NDJSON. The head leaves with the first
 * token, as Ollama's does; later tokens leave at their own times, not after each other, so that a
 * late one does not delay the rest.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which is seen
final class TokenStream {
  private static final byte[] HEAD =
      ascii(
          "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
  private static final String BEFORE_STAMP =
      "{\"model\":\"bench:1b\",\"created_at\":\"2026-11-21T10:00:00.123456789Z\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"@";
  private static final byte[] TOKEN =
      chunk(BEFORE_STAMP + "0".repeat(Stamp.DIGITS) + "\"},\"done\":false}\n");
  private static final int STAMP_AT =
      new String(TOKEN, StandardCharsets.US_ASCII).indexOf(Stamp.MARK) + 1;
  private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
  private static final int BATCH_BYTES = 64 * 1024;

  private final ChannelHandlerContext ctx;
  private final Order order;
  private final BackendLoad load;
  private final byte[] token = TOKEN.clone();
  private final long begun = System.nanoTime();
  private int sent;
  private boolean over;

  TokenStream(ChannelHandlerContext ctx, Order order, BackendLoad load) {
    this.ctx = ctx;
    this.order = order;
    this.load = load;
    load.opened();
  }

  /** Sends what is due, and sees to it that the rest follows. */
  void goOn() {
    while (!over && ctx.channel().isWritable()) {
      var out = ctx.alloc().buffer();
      if (sent == 0) {
        out.writeBytes(HEAD);
      }
      do {
        append(out);
      } while (sent < order.tokens() && due() <= 0 && out.readableBytes() < BATCH_BYTES);
      if (sent == order.tokens()) {
        end(out);
        return;
      }
      ctx.writeAndFlush(out);
      if (due() > 0) {
        ctx.executor().schedule(this::goOn, due(), TimeUnit.NANOSECONDS);
        return;
      }
    }
  }

  /** The connection is gone. */
  void stop() {
    if (!over) {
      over = true;
      load.closed();
    }
  }

  private void append(ByteBuf out) {
    Stamp.write(Stamp.now(), token, STAMP_AT);
    out.writeBytes(token);
    sent++;
  }

  private void end(ByteBuf out) {
    out.writeBytes(
        chunk(
            "{\"model\":\"bench:1b\",\"created_at\":\"2026-11-21T10:00:00Z\","
                + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done_reason\":\"stop\","
                + "\"done\":true,\"total_duration\":1,\"load_duration\":0,\"prompt_eval_count\":9,"
                + "\"prompt_eval_duration\":1,\"eval_count\":"
                + order.tokens()
                + ",\"eval_duration\":1}\n"));
    out.writeBytes(LAST_CHUNK);
    stop();
    ctx.writeAndFlush(out);
  }

  /** Nanoseconds until the next token; not positive when it is due. */
  private long due() {
    return begun
        + TimeUnit.MICROSECONDS.toNanos((long) sent * order.everyMicros())
        - System.nanoTime();
  }

  private static byte[] chunk(String line) {
    return ascii(Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
