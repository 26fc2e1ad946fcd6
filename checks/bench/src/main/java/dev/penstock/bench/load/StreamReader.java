package dev.penstock.bench.load;

import dev.penstock.bench.token.Stamp;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Reads one stream after the other on a connection, kept or fresh: looks for marks and for the last
 * chunk of an HTTP/1.1 body, and at nothing else.
 */
@ChannelHandler.Sharable // one connection after the other, never two at once
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which is seen
final class StreamReader extends ChannelInboundHandlerAdapter {
  /** {@code CR LF 0 CR LF CR LF}. */
  private static final long LAST_CHUNK = 0x0d0a300d0a0d0aL;

  private static final long LAST_CHUNK_MASK = 0xff_ffff_ffff_ffffL;
  private static final int STATUS_AT = 9;

  private final Load load;
  private final LoadClient.Running running;
  private final Measured measured;
  private int begun;
  private int tokens;
  private long asked;
  private long lastRead;
  private int digitsLeft;
  private long stamp;
  private long tail;
  private boolean headSeen;
  private boolean idle = true;
  private boolean done;

  StreamReader(Load load, LoadClient.Running running) {
    this.load = load;
    this.running = running;
    this.measured = running.measured();
  }

  void connecting() {
    asked = Stamp.now();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ask(ctx);
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    var bytes = (ByteBuf) message;
    try {
      read(ctx, bytes);
    } finally {
      bytes.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!idle && !running.abandoned()) {
      measured.failed("closed after " + tokens + " tokens");
    }
    if (!load.fresh() || !idle) {
      finish();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      measured.failed(cause.toString());
    }
    ctx.close();
  }

  private void ask(ChannelHandlerContext ctx) {
    begun++;
    idle = false;
    tokens = 0;
    tail = 0;
    headSeen = false;
    if (!load.fresh()) {
      asked = Stamp.now();
    }
    ctx.writeAndFlush(Unpooled.wrappedBuffer(load.request().get()));
  }

  private void read(ChannelHandlerContext ctx, ByteBuf bytes) {
    if (!headSeen) {
      headSeen = true;
      if (bytes.getByte(STATUS_AT) != '2') {
        measured.failed(bytes.toString(StandardCharsets.UTF_8));
        ctx.close();
        return;
      }
    }
    var now = Stamp.now();
    var before = tokens;
    scan(bytes, now);
    if (tokens > before) {
      if (before == 0) {
        measured.first(Stamp.between(asked, now));
        if (load.stall()) {
          ctx.channel().config().setAutoRead(false);
        }
      } else {
        measured.gap(Stamp.between(lastRead, now));
      }
      lastRead = now;
    }
    if (endsIn(bytes)) {
      ended(ctx);
    }
  }

  private void scan(ByteBuf bytes, long now) {
    var at = bytes.readerIndex();
    var end = bytes.writerIndex();
    while (at < end) {
      if (digitsLeft == 0) {
        at = bytes.indexOf(at, end, Stamp.MARK) + 1;
        if (at == 0) {
          return;
        }
        digitsLeft = Stamp.DIGITS;
        stamp = 0;
      } else {
        stamp = Stamp.append(stamp, bytes.getByte(at++));
        if (--digitsLeft == 0) {
          tokens++;
          measured.token(Stamp.between(stamp, now));
        }
      }
    }
  }

  private boolean endsIn(ByteBuf bytes) {
    for (var at = Math.max(bytes.readerIndex(), bytes.writerIndex() - 7);
        at < bytes.writerIndex();
        at++) {
      tail = tail << 8 | (bytes.getByte(at) & 0xff);
    }
    return (tail & LAST_CHUNK_MASK) == LAST_CHUNK;
  }

  private void ended(ChannelHandlerContext ctx) {
    idle = true;
    measured.ended(tokens == load.tokens());
    if (begun >= load.streams() || running.stopping()) {
      ctx.close();
      finish();
    } else if (load.fresh()) {
      ctx.close().addListener(_ -> running.connect(this));
    } else {
      ask(ctx);
    }
  }

  private void finish() {
    if (!done) {
      done = true;
      running.done();
    }
  }
}
