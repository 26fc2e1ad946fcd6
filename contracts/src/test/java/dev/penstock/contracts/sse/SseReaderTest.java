package dev.penstock.contracts.sse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** sse.md section 8; what the shared conformance cases leave out. */
class SseReaderTest {
  private final List<SseEvent> events = new ArrayList<>();
  private final SseReader reader = new SseReader(events::add);

  @Test
  void handsAnEventOverWithItsBlankLineAndNotBefore() {
    reader.feed(Buffer.buffer("data: a\r"));
    assertThat(events).isEmpty();

    reader.feed(Buffer.buffer("\n\r"));
    assertThat(events).containsExactly(new SseEvent("message", "a", ""));

    reader.feed(Buffer.buffer("\n"));
    assertThat(events).hasSize(1);
  }

  @Test
  void takesCrAndLfInDifferentReadsForOneLineEnd() {
    for (var piece : List.of("data: a\r", "", "\ndata: b\r", "\n", "\r", "\n", "data: c\n\n")) {
      reader.feed(Buffer.buffer(piece));
    }

    assertThat(events).extracting(SseEvent::data).containsExactly("a\nb", "c");
  }

  @Test
  void joinsACharacterThatWasCut() {
    var ship = "data: 🚢\n\n".getBytes(StandardCharsets.UTF_8);
    for (var b : ship) {
      reader.feed(Buffer.buffer(new byte[] {b}));
    }

    assertThat(events).extracting(SseEvent::data).containsExactly("🚢");
  }

  @Test
  void readsInvalidUtf8AsReplacementCharacters() {
    assertThat(dataOf(0xFF)).isEqualTo("\uFFFD");
    assertThat(dataOf('a', 0x80, 'b')).isEqualTo("a\uFFFDb");
    assertThat(dataOf(0xC0, 0xAF)).isEqualTo("\uFFFD\uFFFD");
    assertThat(dataOf(0xE2, 0x82, 'x')).isEqualTo("\uFFFDx");
    assertThat(dataOf(0xF0, 0x9F, 0x9A)).isEqualTo("\uFFFD");
    // The JDK takes half a surrogate pair for one error, browsers for three.
    assertThat(dataOf(0xED, 0xA0, 0x80)).isEqualTo("\uFFFD");
  }

  @Test
  void keepsTheIdOfABlockWithoutData() {
    reader.feed(Buffer.buffer("id: 7\n\ndata: a\n\n"));

    assertThat(events).containsExactly(new SseEvent("message", "a", "7"));
  }

  @Test
  void movesTheIdWithTheBlankLineAndNotBefore() {
    reader.feed(Buffer.buffer("id: 1\ndata: a\n\nid: 2\ndata: b\n"));

    assertThat(reader.lastEventId()).isEqualTo("1");
  }

  @Test
  void namesAnEventAfterItsOwnBlockOnly() {
    reader.feed(
        Buffer.buffer(
            "event: a\n\ndata: 1\n\nevent: a\ndata: 2\n\nevent: b\nevent: c\ndata: 3\n\n"));

    assertThat(events)
        .containsExactly(
            new SseEvent("message", "1", ""),
            new SseEvent("a", "2", ""),
            new SseEvent("c", "3", ""));
  }

  @Test
  void boundsWhatRetrySays() {
    reader.feed(Buffer.buffer("retry: 99999999999999999999999\n"));
    assertThat(reader.retryMillis()).hasValue(Integer.MAX_VALUE);

    for (var ignored :
        List.of("retry\n", "retry:\n", "retry: -1\n", "retry: +1\n", "retry:  1\n")) {
      reader.feed(Buffer.buffer(ignored));
    }
    assertThat(reader.retryMillis()).hasValue(Integer.MAX_VALUE);
    assertThat(new SseReader(events::add).retryMillis()).isEqualTo(OptionalInt.empty());
  }

  @Test
  void takesALineOfOneMebibyteAndNoLonger() {
    var longest = "data: " + "x".repeat(SseReader.MAX_LINE_BYTES - "data: ".length());

    reader.feed(Buffer.buffer(longest + "\n\n"));
    assertThat(events).hasSize(1);

    assertThatThrownBy(() -> new SseReader(events::add).feed(Buffer.buffer(longest + "x\n")))
        .isInstanceOf(SseLimitException.class);
  }

  @Test
  void doesNotWaitForTheEndOfALineThatIsTooLong() {
    var piece = Buffer.buffer("x".repeat(64 * 1024));
    for (var fed = 0; fed < SseReader.MAX_LINE_BYTES; fed += piece.length()) {
      reader.feed(piece);
    }

    assertThatThrownBy(() -> reader.feed(Buffer.buffer("x")))
        .isInstanceOf(SseLimitException.class)
        .hasMessage("a line is longer than 1048576 bytes");
  }

  @Test
  void takesAnEventOfFourMebibytesAndNoLarger() {
    var line = Buffer.buffer("data:" + "x".repeat(1024 * 1024 - 6) + "\n");
    var most = List.of(line, line, line, line, Buffer.buffer("data:" + "y".repeat(20) + "\n"));

    most.forEach(reader::feed);
    assertThatThrownBy(() -> reader.feed(Buffer.buffer("data\n")))
        .isInstanceOf(SseLimitException.class)
        .hasMessage("an event is longer than 4194304 bytes");

    var another = new SseReader(events::add);
    most.forEach(another::feed);
    another.feed(Buffer.buffer("\n"));
    assertThat(events.getFirst().data()).hasSize(SseReader.MAX_EVENT_BYTES);
  }

  @Test
  void neverEndsForWantOfEvents() {
    var keepAlives = Buffer.buffer(":\n".repeat(1024 * 1024));

    assertThatCode(
            () -> {
              for (var i = 0; i < 4; i++) {
                reader.feed(keepAlives);
              }
            })
        .doesNotThrowAnyException();
  }

  private String dataOf(int... bytes) {
    var wire = Buffer.buffer("data: ");
    for (var b : bytes) {
      wire.appendByte((byte) b);
    }
    reader.feed(wire.appendString("\n\n"));
    return events.getLast().data();
  }
}
