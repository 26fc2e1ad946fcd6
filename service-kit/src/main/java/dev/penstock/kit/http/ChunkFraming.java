package dev.penstock.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Frames the chunks of HTTP/1.1 bodies (RFC 9112 section 7.1) in one buffer each.
 *
 * <p>Netty's encoder makes three buffers, three promises and a gathering write of every chunk, and
 * the transport then copies what is on the heap; where a chunk is one token that is a good part of
 * what the token costs. Heads, last chunks and bodies of known length go through Netty's encoder.
 */
final class ChunkFraming extends ChannelOutboundHandlerAdapter {
  /** Size in hexadecimal, and two line ends. */
  private static final int MAX_FRAME_BYTES = 8 + 2 + 2;

  private static final int LINE_END = '\r' << 8 | '\n';
  private static final byte[] DIGITS = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };

  private final ChannelHandlerContext encoder;
  private boolean chunked;

  private ChunkFraming(ChannelHandlerContext encoder) {
    this.encoder = encoder;
  }

  /** Puts it in front of the connection's encoder, if it speaks HTTP/1; tells whether it does. */
  static boolean install(ChannelPipeline pipeline) {
    @Nullable ChannelHandlerContext encoder = pipeline.context(HttpResponseEncoder.class);
    if (encoder == null) {
      return false;
    }
    pipeline.addAfter(encoder.name(), null, new ChunkFraming(encoder));
    return true;
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (message instanceof HttpResponse head) {
      chunked = HttpUtil.isTransferEncodingChunked(head) && !(message instanceof LastHttpContent);
    } else if (message instanceof LastHttpContent) {
      chunked = false;
    } else if (chunked && message instanceof HttpContent content && !isEmpty(content)) {
      var _ = encoder.write(framed(content), promise);
      return;
    }
    var _ = ctx.write(message, promise);
  }

  private static boolean isEmpty(HttpContent content) {
    return !content.content().isReadable();
  }

  private ByteBuf framed(HttpContent content) {
    var bytes = content.content();
    try {
      var length = bytes.readableBytes();
      var chunk = encoder.alloc().ioBuffer(length + MAX_FRAME_BYTES);
      appendHex(chunk, length);
      return chunk.writeShort(LINE_END).writeBytes(bytes).writeShort(LINE_END);
    } finally {
      content.release();
    }
  }

  private static void appendHex(ByteBuf out, int size) {
    for (var shift = 28 - Integer.numberOfLeadingZeros(size) / 4 * 4; shift >= 0; shift -= 4) {
      out.writeByte(DIGITS[size >>> shift & 0xf]);
    }
  }
}
