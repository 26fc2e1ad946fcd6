package dev.penstock.gateway.nativeapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ExportTranscoderTest {
  private static final UUID SESSION = UUID.randomUUID();

  @Test
  void readsTheSameDocumentWhereverTheBytesAreCut() {
    var wire = export();
    var whole = transcode(wire, wire.length());

    for (var cut = 1; cut < wire.length(); cut += 7) {
      assertThat(transcode(wire, cut)).isEqualTo(whole);
    }
    var json = Wire.decode(whole, JsonNode.class);
    assertThat(json.at("/turns/1/output/text").asText()).isEqualTo("zwei 🐼");
    assertThat(json.at("/turns/0").has("owner")).isFalse();
    assertThat(json.at("/messages/0/turns").asText()).isEqualTo("kept");
  }

  @Test
  void knowsWhetherTheDocumentHasEnded() {
    var wire = export();
    var transcoder = new ExportTranscoder();

    transcoder.feed(wire.slice(0, wire.length() - 1));
    var before = transcoder.complete();
    transcoder.feed(wire.slice(wire.length() - 1, wire.length()));

    assertThat(before).isFalse();
    assertThat(transcoder.complete()).isTrue();
  }

  private static Buffer export() {
    var export = new LinkedHashMap<String, Object>();
    export.put("session", Wire.JSON.createObjectNode().put("turns", 3));
    export.put("messages", List.of(Wire.JSON.createObjectNode().put("turns", "kept")));
    export.put(
        "turns",
        List.of(TestTurns.completed(SESSION, "eins"), TestTurns.completed(SESSION, "zwei 🐼")));
    return Wire.encode(export);
  }

  private static String transcode(Buffer wire, int cut) {
    var transcoder = new ExportTranscoder();
    var out = Buffer.buffer();
    for (var from = 0; from < wire.length(); from += cut) {
      out.appendBuffer(transcoder.feed(wire.slice(from, Math.min(wire.length(), from + cut))));
    }
    return out.toString();
  }
}
