package dev.penstock.kit.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On the wire everything is as Netty alone would write it. */
class ChunkFramingTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 15, 16, 17, 255, 256, 4095, 4096, 65535, 65536, 1_048_576})
  void framesAsNettyDoes(int length) {
    assertSame(
        chunked(), content("x".repeat(length)), content("y"), LastHttpContent.EMPTY_LAST_CONTENT);
  }

  @Test
  void leavesEmptyContentAndTrailersToNetty() {
    var last = new DefaultLastHttpContent(Unpooled.copiedBuffer("end", StandardCharsets.UTF_8));
    last.trailingHeaders().set("checksum", "1");

    assertSame(chunked(), content(""), content("a"), last);
  }

  @Test
  void leavesBodiesOfKnownLengthAlone() {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.CONTENT_LENGTH, 4);

    assertSame(head, content("ab"), content("cd"), LastHttpContent.EMPTY_LAST_CONTENT);
  }

  @Test
  void framesEachResponseOfAConnectionAsItsHeadSays() {
    var known = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    known.headers().set(HttpHeaderNames.CONTENT_LENGTH, 2);

    assertSame(
        chunked(),
        content("first"),
        LastHttpContent.EMPTY_LAST_CONTENT,
        known,
        content("2n"),
        LastHttpContent.EMPTY_LAST_CONTENT,
        chunked(),
        content("third"),
        LastHttpContent.EMPTY_LAST_CONTENT);
  }

  @Test
  void sendsAChunkAsOneBufferAndGivesItsContentBack() {
    var channel = framing();
    var content = content("token");
    channel.writeOutbound(chunked());
    channel.releaseOutbound();
    channel.writeOutbound(content);

    assertThat(channel.outboundMessages()).hasSize(1);
    assertThat(content.refCnt()).isZero();
    channel.finishAndReleaseAll();
  }

  private static EmbeddedChannel framing() {
    var channel = new EmbeddedChannel(new HttpResponseEncoder());
    ChunkFraming.install(channel.pipeline());
    return channel;
  }

  private static void assertSame(HttpObject... written) {
    var expected = bytes(new EmbeddedChannel(new HttpResponseEncoder()), written);
    assertThat(bytes(framing(), written)).isEqualTo(expected);
  }

  private static String bytes(EmbeddedChannel channel, HttpObject... written) {
    for (var each : written) {
      channel.writeOutbound(copy(each));
    }
    var out = new StringBuilder();
    for (ByteBuf each = channel.readOutbound(); each != null; each = channel.readOutbound()) {
      out.append(each.toString(StandardCharsets.ISO_8859_1));
      each.release();
    }
    channel.finishAndReleaseAll();
    return out.toString();
  }

  /** What is written is also released; the same is written twice. */
  private static HttpObject copy(HttpObject each) {
    return each instanceof HttpContent content ? content.copy() : each;
  }

  private static DefaultHttpResponse chunked() {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers().set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return head;
  }

  private static DefaultHttpContent content(String text) {
    return new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
  }
}
