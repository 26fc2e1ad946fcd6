package dev.penstock.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Asks at a steady rate, however long the answers take: a request that finds no connection free
 * waits, and its wait counts. One event loop of its own.
 */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which is seen
public final class SteadyClient implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final Deque<Channel> idle = new ArrayDeque<>();
  private final Deque<Long> waiting = new ArrayDeque<>();
  private final int port;
  private final long everyNanos;
  private final Supplier<byte[]> request;
  private Answers answers = new Answers();
  private long begun;
  private long sent;
  private boolean asking;
  private boolean closed;

  /**
   * Connects; asks nothing before {@link #start}.
   *
   * @param connections kept open
   * @param request the bytes of the next request, made on the client's event loop
   */
  public SteadyClient(int port, int connections, int perSecond, Supplier<byte[]> request) {
    this.port = port;
    this.everyNanos = TimeUnit.SECONDS.toNanos(1) / perSecond;
    this.request = request;
    loop.execute(
        () -> {
          for (var n = 0; n < connections; n++) {
            connect();
          }
        });
  }

  /** Asks from now on. */
  public void start() {
    loop.execute(
        () -> {
          asking = true;
          begun = System.nanoTime();
          sent = 0;
          tick();
        });
  }

  /** Asks no more; what is under way is still counted. */
  public void stop() {
    loop.execute(() -> asking = false);
  }

  /** What came back since the last call. */
  public Answers take() {
    return loop.submit(
            () -> {
              var taken = answers;
              answers = new Answers();
              return taken;
            })
        .syncUninterruptibly()
        .getNow();
  }

  @Override
  public void close() {
    loop.submit(() -> closed = true).syncUninterruptibly();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void tick() {
    if (!asking) {
      return;
    }
    var next = begun + sent * everyNanos;
    while (next <= System.nanoTime()) {
      waiting.add(next);
      next = begun + ++sent * everyNanos;
    }
    send();
    loop.schedule(this::tick, Math.max(0, next - System.nanoTime()), TimeUnit.NANOSECONDS);
  }

  private void send() {
    while (!waiting.isEmpty() && !idle.isEmpty()) {
      var channel = idle.pop();
      channel.pipeline().get(Asker.class).ask(channel, waiting.remove());
    }
  }

  private void connect() {
    new Bootstrap()
        .group(loops)
        .channel(EpollSocketChannel.class)
        .option(ChannelOption.TCP_NODELAY, true)
        .handler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new HttpResponseDecoder(), new Asker());
              }
            })
        .connect(InetAddress.getLoopbackAddress(), port)
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  if (!connected.isSuccess()) {
                    answers.broken();
                  }
                });
  }

  /** One connection: one request at a time. */
  private final class Asker extends SimpleChannelInboundHandler<HttpObject> {
    private long due;
    private int status;
    private boolean busy;

    void ask(Channel channel, long since) {
      due = since;
      busy = true;
      channel.writeAndFlush(Unpooled.wrappedBuffer(request.get()));
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
      idle.push(ctx.channel());
      send();
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
      if (part instanceof HttpResponse head) {
        status = head.status().code();
      }
      if (part instanceof LastHttpContent) {
        busy = false;
        answers.add(status, (System.nanoTime() - due) / 1_000);
        idle.push(ctx.channel());
        send();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      idle.remove(ctx.channel());
      if (busy && !closed) {
        answers.broken();
      }
      if (!closed) {
        connect();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close(); // counted as broken there
    }
  }
}
