package dev.penstock.contracts.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** SSE-3 to SSE-7, SSE-26, SSE-29. */
class SseWriterTest {
  private static final byte[] DATA = "{}".getBytes(StandardCharsets.UTF_8);

  @Test
  void framesAnEventWithIdNameAndData() {
    assertThat(SseWriter.event(Buffer.buffer(), "t.1.17", "delta", DATA))
        .hasToString("id: t.1.17\nevent: delta\ndata: {}\n\n");
  }

  @Test
  void framesAnEventWithoutId() {
    assertThat(SseWriter.event(Buffer.buffer(), "reconnect", DATA))
        .hasToString("event: reconnect\ndata: {}\n\n");
  }

  @Test
  void framesAnUnnamedEvent() {
    assertThat(SseWriter.data(Buffer.buffer(), DATA)).hasToString("data: {}\n\n");
  }

  @Test
  void putsRetryInsideTheEventThatFollows() {
    var out = SseWriter.retry(Buffer.buffer(), 2000);

    assertThat(SseWriter.event(out, "t.1.0", "turn.accepted", DATA))
        .hasToString("retry: 2000\nid: t.1.0\nevent: turn.accepted\ndata: {}\n\n");
  }

  @Test
  void aKeepAliveIsTwoBytes() {
    assertThat(SseWriter.keepAlive().getBytes()).containsExactly(':', '\n');
  }
}
