package dev.penstock.kit.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what Netty's parser mends or overlooks and another parser in front of us may read
 * differently: folded header lines, names without a character, more than one blank in the request
 * line, control characters, any transfer coding but {@code chunked} (RFC 9112 sections 3, 5.1, 5.2,
 * 6.1). Such a request is answered as broken, and nothing behind it is read.
 *
 * <p>Stands before the decoder, which it feeds line by line while heads are read, and learns from
 * what comes out behind it where a body begins and ends. Bodies pass in one piece.
 */
final class StrictRequests extends ChannelInboundHandlerAdapter {
  private static final int LINE_END_BYTES = 2;

  private enum Part {
    HEAD,
    /** A body, or one chunk of it, of a length that is known. */
    BYTES,
    CHUNK_SIZE,
    TRAILERS,
    REFUSED
  }

  private final ChannelHandlerContext decoder;
  private final HeadLines lines = new HeadLines();
  private final ChunkSize chunkSize = new ChunkSize();
  private Part part = Part.HEAD;
  private boolean chunked;
  private long expected;

  private StrictRequests(ChannelHandlerContext decoder) {
    this.decoder = decoder;
  }

  /** Puts it around the connection's request decoder, if it speaks HTTP/1. */
  static void install(ChannelPipeline pipeline) {
    @Nullable ChannelHandlerContext decoder = pipeline.context(HttpRequestDecoder.class);
    if (decoder != null) {
      var strict = new StrictRequests(decoder);
      pipeline.addBefore(decoder.name(), null, strict);
      pipeline.addAfter(decoder.name(), null, strict.new Decoded());
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (!(message instanceof ByteBuf bytes)) {
      ctx.fireChannelRead(message);
      return;
    }
    try {
      while (bytes.isReadable() && part != Part.REFUSED) {
        read(ctx, bytes);
      }
    } finally {
      bytes.release();
    }
  }

  private void read(ChannelHandlerContext ctx, ByteBuf bytes) {
    switch (part) {
      case HEAD -> {
        var length = lines.next(bytes);
        if (length < 0) {
          refuse();
        } else {
          pass(ctx, bytes, length);
        }
      }
      case BYTES -> {
        var length = (int) Math.min(expected, bytes.readableBytes());
        expected -= length;
        if (expected == 0 && chunked) {
          part = Part.CHUNK_SIZE;
        }
        pass(ctx, bytes, length);
      }
      case CHUNK_SIZE -> {
        var length = chunkSize.next(bytes);
        if (bytes.getByte(bytes.readerIndex() + length - 1) == '\n') {
          var size = chunkSize.take();
          expected = size + LINE_END_BYTES;
          part = size == 0 ? Part.TRAILERS : Part.BYTES;
        }
        pass(ctx, bytes, length);
      }
      case TRAILERS -> {
        var end = bytes.bytesBefore((byte) '\n');
        pass(ctx, bytes, end < 0 ? bytes.readableBytes() : end + 1);
      }
      case REFUSED -> {}
    }
  }

  private static void pass(ChannelHandlerContext ctx, ByteBuf bytes, int length) {
    ctx.fireChannelRead(bytes.readRetainedSlice(length));
  }

  private void refuse() {
    part = Part.REFUSED;
    var broken = new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/bad-request");
    broken.setDecoderResult(failure());
    decoder.fireChannelRead(broken);
  }

  private static DecoderResult failure() {
    return DecoderResult.failure(new IllegalArgumentException("not as RFC 9112 says"));
  }

  /** Behind the decoder. */
  private final class Decoded extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof HttpRequest request) {
        begin(request);
      } else if (part == Part.REFUSED && !(message instanceof LastHttpContent)) {
        ReferenceCountUtil.release(message);
        return;
      }
      if (message instanceof LastHttpContent last && part != Part.REFUSED) {
        end(last);
      }
      ctx.fireChannelRead(message);
    }

    private void begin(HttpRequest request) {
      chunked = request.headers().contains(HttpHeaderNames.TRANSFER_ENCODING);
      if (chunked && !isChunked(request)) {
        request.setDecoderResult(failure());
      }
      if (request.decoderResult().isFailure()) {
        part = Part.REFUSED;
      } else if (chunked) {
        part = Part.CHUNK_SIZE;
      } else {
        expected = HttpUtil.getContentLength(request, 0L);
        part = Part.BYTES;
      }
    }

    private void end(LastHttpContent last) {
      if (last.decoderResult().isFailure()) {
        part = Part.REFUSED;
      } else {
        part = Part.HEAD;
        lines.reset();
      }
    }

    private static boolean isChunked(HttpRequest request) {
      var codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
      return codings.size() == 1
          && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.getFirst())
          && request.protocolVersion().equals(HttpVersion.HTTP_1_1);
    }
  }
}
