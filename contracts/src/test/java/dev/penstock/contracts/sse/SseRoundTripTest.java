package dev.penstock.contracts.sse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.turn.StorableText;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class SseRoundTripTest {
  /** Any text at all, with keep-alives between (SSE-5, SSE-26). */
  @Property(tries = 500)
  void theReaderReadsWhatTheWriterWrites(
      @ForAll @Size(max = 6) List<String> texts, @ForAll @IntRange(min = 1, max = 40) int piece) {
    var wire = SseWriter.retry(Buffer.buffer(), 2000);
    var sent = new ArrayList<SseEvent>();
    for (var text : texts) {
      var id = "turn.1." + sent.size();
      var name = sent.isEmpty() ? "turn.accepted" : "delta";
      var data = JsonString.append(Buffer.buffer(), StorableText.of(text)).getBytes();
      SseWriter.event(wire, id, name, data).appendBuffer(SseWriter.keepAlive());
      sent.add(new SseEvent(name, new String(data, StandardCharsets.UTF_8), id));
    }

    assertThat(read(wire, piece)).isEqualTo(sent);
  }

  @Property(tries = 500)
  void whereAStreamIsCutChangesNothing(
      @ForAll @Size(max = 60) List<@From("fragments") String> fragments,
      @ForAll @IntRange(min = 1, max = 7) int piece) {
    var wire = Buffer.buffer(String.join("", fragments));

    assertThat(read(wire, piece)).isEqualTo(read(wire, wire.length() + 1));
  }

  @Provide
  Arbitrary<String> fragments() {
    return Arbitraries.of(
        "\n", "\r", "\r\n", "\n\n", "data", "data:", "data: ", "event:", "id:", "retry:", ":", " ",
        "7", "\0", "x", "🚢", "\uFEFF");
  }

  private static List<SseEvent> read(Buffer wire, int piece) {
    var events = new ArrayList<SseEvent>();
    var reader = new SseReader(events::add);
    for (var at = 0; at < wire.length(); at += piece) {
      reader.feed(wire.slice(at, Math.min(at + piece, wire.length())));
    }
    return events;
  }
}
