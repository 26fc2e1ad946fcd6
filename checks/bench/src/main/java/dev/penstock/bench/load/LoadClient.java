package dev.penstock.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import java.net.InetAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Drives loads from one event loop. */
public final class LoadClient implements AutoCloseable {
  /** Multiples of it, modulo 1, are spread evenly however many there are. */
  private static final double GOLDEN_RATIO = (Math.sqrt(5) - 1) / 2;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());

  /**
   * Begins the load. Readers come evenly over the ramp and at no common beat: a ramp in equal steps
   * has many of them ask for their tokens in the same instant for as long as they stay.
   */
  public Running start(Load load) {
    var running = new Running(load);
    for (var n = 0; n < load.readers(); n++) {
      var share = n * GOLDEN_RATIO % 1;
      var delay = (long) (share * load.rampMillis() * 1_000);
      var _ = loops.schedule(() -> running.connect(), delay, TimeUnit.MICROSECONDS);
    }
    return running;
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** A load under way. */
  public final class Running {
    private final Load load;
    private final Measured measured = new Measured();
    private final CountDownLatch left;
    private final ChannelGroup channels = new DefaultChannelGroup(loops.next());
    private volatile boolean stopping;
    private volatile boolean abandoned;

    Running(Load load) {
      this.load = load;
      this.left = new CountDownLatch(load.readers());
    }

    /** What it shows; complete once it has ended. */
    public Measured measured() {
      return measured;
    }

    /** No reader begins another stream. */
    public void stop() {
      stopping = true;
    }

    /** Waits for the streams to end; false if some have not within {@code millis}. */
    public boolean await(long millis) throws InterruptedException {
      return left.await(millis, TimeUnit.MILLISECONDS);
    }

    /** Closes every connection. */
    public void abandon() {
      stopping = true;
      abandoned = true;
      channels.close().awaitUninterruptibly(5, TimeUnit.SECONDS);
    }

    boolean stopping() {
      return stopping;
    }

    boolean abandoned() {
      return abandoned;
    }

    void done() {
      left.countDown();
    }

    void connect() {
      connect(new StreamReader(load, this));
    }

    void connect(StreamReader reader) {
      reader.connecting();
      var bootstrap =
          new Bootstrap()
              .group(loops)
              .channel(EpollSocketChannel.class)
              .option(ChannelOption.TCP_NODELAY, true)
              .handler(
                  new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                      channel.pipeline().addLast(reader);
                    }
                  });
      if (load.stall()) {
        bootstrap.option(ChannelOption.SO_RCVBUF, 16 * 1024);
      }
      var _ =
          bootstrap
              .connect(InetAddress.getLoopbackAddress(), load.port())
              .addListener(
                  (ChannelFutureListener)
                      connected -> {
                        if (connected.isSuccess()) {
                          channels.add(connected.channel());
                        } else {
                          measured.failed(String.valueOf(connected.cause()));
                          done();
                        }
                      });
    }
  }
}
