package dev.penstock.contracts.sse;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of web-platform-tests {@code eventsource/} that are about the format (sse.md section
 * 8), each whole and cut at every byte. The list's other cases are about HTTP and reconnecting,
 * which is not the reader's.
 */
class WptEventStreamTest {
  private static final String LONG = "x".repeat(2048);

  record Case(String name, String stream, List<SseEvent> events, OptionalInt retry) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        wpt("format-bom", "\uFEFFdata:1\n\n\uFEFFdata:2\n\ndata:3\n\n", message("1"), message("3")),
        wpt(
            "format-bom-2",
            "\uFEFF\uFEFFdata:1\n\ndata:2\n\ndata:3\n\n",
            message("2"),
            message("3")),
        wpt(
            "format-comments",
            "data:1\r:\0\n:\r\ndata:2\n:%s\rdata:3\n:data:fail\r:%s\ndata:4\n\n"
                .formatted(LONG, LONG),
            message("1\n2\n3\n4")),
        wpt(
            "format-data-before-final-empty-line",
            "retry:1000\ndata:test1\n\nid:test\ndata:test2",
            1000,
            message("test1")),
        wpt(
            "format-field-data",
            "data:\n\ndata\ndata\n\ndata:test\n\n",
            message(""),
            message("\n"),
            message("test")),
        wpt(
            "format-field-event",
            "event:test\ndata:x\n\ndata:x\n\n",
            new SseEvent("test", "x", ""),
            message("x")),
        wpt("format-field-event-empty", "event: \ndata:data\n\n", message("data")),
        wpt(
            "format-field-id",
            "id: …\nretry: 200\ndata: hello\n\n",
            200,
            new SseEvent("message", "hello", "…")),
        wpt(
            "format-field-id-2",
            "id: …\ndata: hello\n\ndata: again\n\nid\ndata: cleared\n\n",
            new SseEvent("message", "hello", "…"),
            new SseEvent("message", "again", "…"),
            message("cleared")),
        wpt(
            "format-field-id-3",
            "id: 1\ndata: a\n\nid:\n\ndata: b\n\n",
            new SseEvent("message", "a", "1"),
            message("b")),
        wpt(
            "format-field-id-null",
            "id: 1\ndata: a\n\nid: \0\0\ndata: b\n\nid: x\0\ndata: c\n\nid: \0x\ndata: d\n\n",
            new SseEvent("message", "a", "1"),
            new SseEvent("message", "b", "1"),
            new SseEvent("message", "c", "1"),
            new SseEvent("message", "d", "1")),
        wpt(
            "format-field-parsing",
            "data:\0\ndata:  2\rData:1\ndata\0:2\ndata:1\r\0data:4\nda-ta:3\rdata_5\ndata:3\r"
                + "data:\r\n data:32\ndata:4\n\n",
            message("\0\n 2\n1\n3\n\n4")),
        wpt("format-field-retry", "retry:03000\ndata:x\n\n", 3000, message("x")),
        wpt("format-field-retry-bogus", "retry:3000\nretry:1000x\ndata:x\n\n", 3000, message("x")),
        wpt("format-field-retry-empty", "retry\ndata:test\n\n", message("test")),
        wpt(
            "format-field-unknown",
            "data:test\n data\ndata\nfoobar:xxx\njustsometext\n:thisisacommentyay\ndata:test\n\n",
            message("test\n\ntest")),
        wpt(
            "format-leading-space",
            "data:\ttest\rdata: \ndata:test\n\n",
            message("\ttest\n\ntest")),
        wpt("format-newlines", "data:test\r\ndata\ndata:test\r\n\r", message("test\n\ntest")),
        wpt("format-null-character", "data:\0\n\n\n\n\n\n", message("\0")),
        wpt("format-utf-8", "data:ok…\n\n", message("ok…")),
        wpt(
            "event-data",
            """
            data:msg
            data: msg

            :
            falsefield:msg

            falsefield:msg
            Data:data

            data

            data:end

            """,
            message("msg\nmsg"),
            message(""),
            message("end")));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAsBrowsersDo(Case wpt) {
    var wire = Buffer.buffer(wpt.stream());

    for (var cut = 0; cut <= wire.length(); cut++) {
      var events = new ArrayList<SseEvent>();
      var reader = new SseReader(events::add);
      reader.feed(wire.slice(0, cut));
      reader.feed(wire.slice(cut, wire.length()));

      assertThat(events).as("cut at %d", cut).isEqualTo(wpt.events());
      assertThat(reader.retryMillis()).isEqualTo(wpt.retry());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsAsBrowsersDoByteByByte(Case wpt) {
    var wire = Buffer.buffer(wpt.stream());
    var events = new ArrayList<SseEvent>();
    var reader = new SseReader(events::add);

    for (var at = 0; at < wire.length(); at++) {
      reader.feed(wire.slice(at, at + 1));
    }

    assertThat(events).isEqualTo(wpt.events());
  }

  private static SseEvent message(String data) {
    return new SseEvent("message", data, "");
  }

  private static Case wpt(String name, String stream, SseEvent... events) {
    return new Case(name, stream, List.of(events), OptionalInt.empty());
  }

  private static Case wpt(String name, String stream, int retry, SseEvent... events) {
    return new Case(name, stream, List.of(events), OptionalInt.of(retry));
  }
}
