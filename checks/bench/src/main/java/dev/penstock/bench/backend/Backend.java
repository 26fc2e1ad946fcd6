package dev.penstock.bench.backend;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/** The backend as a process: {@code Backend PORT}. One event loop. */
public final class Backend implements AutoCloseable {
  private static final int MAX_BODY_BYTES = 4 * 1024 * 1024;
  private static final int BACKLOG = 4096;

  private final Channel channel;
  private final BackendLoad load;

  private Backend(Channel channel, BackendLoad load) {
    this.channel = channel;
    this.load = load;
  }

  /** Listens on loopback until the process is ended. */
  public static void main(String... arguments) throws InterruptedException {
    listen(Integer.parseInt(arguments[0])).channel.closeFuture().sync();
  }

  /** Listens on loopback; port 0 picks one. */
  public static Backend listen(int port) throws InterruptedException {
    var loops = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    var load = new BackendLoad();
    var channel =
        new ServerBootstrap()
            .group(loops)
            .channel(EpollServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel connection) {
                    connection
                        .pipeline()
                        .addLast(new HttpRequestDecoder())
                        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
                        .addLast(new OllamaHandler(load));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .sync()
            .channel();
    return new Backend(channel, load);
  }

  /** The port it listens on. */
  public int port() {
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Answers begun so far. */
  public long begun() {
    return load.begun();
  }

  @Override
  public void close() {
    channel.eventLoop().parent().shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
