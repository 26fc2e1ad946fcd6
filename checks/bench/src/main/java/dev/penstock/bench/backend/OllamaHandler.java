package dev.penstock.bench.backend;

import dev.penstock.bench.token.Order;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** As much of Ollama as a proxy asks for: one model, always loaded. */
@SuppressWarnings("FutureReturnValueIgnored") // what fails closes the channel, which is seen
final class OllamaHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String MODEL =
      "{\"name\":\"bench:1b\",\"model\":\"bench:1b\",\"modified_at\":\"2026-11-21T10:00:00Z\",\"size\":1,"
          + "\"digest\":\"0\",\"context_length\":131072,\"expires_at\":\"2099-01-01T00:00:00Z\",\"size_vram\":1,"
          + "\"details\":{\"format\":\"gguf\",\"family\":\"bench\"},\"capabilities\":[\"completion\"]}";
  private static final String LOADED =
      "{\"model\":\"bench:1b\",\"created_at\":\"2026-11-21T10:00:00Z\","
          + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done_reason\":\"load\",\"done\":true}";

  private final BackendLoad load;
  private @Nullable TokenStream stream;

  OllamaHandler(BackendLoad load) {
    this.load = load;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    switch (request.uri()) {
      case "/api/chat" -> chat(ctx, ByteBufUtil.getBytes(request.content()));
      case "/api/tags", "/api/ps" -> answer(ctx, "{\"models\":[" + MODEL + "]}");
      case "/api/show" -> answer(ctx, "{\"capabilities\":[\"completion\"]}");
      case "/load" -> answer(ctx, Long.toString(load.open()));
      default -> answer(ctx, "{\"version\":\"0.0.0\"}");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (stream != null && ctx.channel().isWritable()) {
      stream.goOn();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (stream != null) {
      stream.stop();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      System.err.println("backend: " + cause);
    }
    ctx.close();
  }

  private void chat(ChannelHandlerContext ctx, byte[] body) {
    var order = Order.find(body);
    if (order == null) {
      answer(ctx, LOADED);
      return;
    }
    stream = new TokenStream(ctx, order, load);
    stream.goOn();
  }

  private static void answer(ChannelHandlerContext ctx, String json) {
    var head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
            + json.length()
            + "\r\n\r\n";
    ctx.writeAndFlush(Unpooled.copiedBuffer(head + json, StandardCharsets.US_ASCII));
  }
}
