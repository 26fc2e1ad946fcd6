package dev.penstock.contracts.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.Stretch;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnText;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** T-10, T-12. */
class LogRowTest {
  private static final UUID TURN = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");

  @Test
  void deltasAreATextArrayWithOneElementPerSeq() {
    var texts = List.of("a\"\\", "\n", "🚢\u2028");
    var row = LogRow.deltas(TURN, 2, 5, texts);

    assertThat(row.data()).isEqualTo("[\"a\\\"\\\\\",\"\\n\",\"🚢\u2028\"]");
    assertThat(row.seqTo()).isEqualTo(7);
    assertThat(row.stretch()).isEqualTo(new Stretch(2, 5, texts));
  }

  @Test
  void aStoredSnapshotCountsAsText() {
    var prefix = LogRow.snapshot(TURN, 1, 1, "so far");
    var rest = LogRow.deltas(TURN, 1, 2, List.of(" so", " good"));

    assertThat(prefix.data()).isEqualTo("{\"text\":\"so far\",\"reason\":\"continue\"}");
    assertThat(TurnText.of(List.of(prefix.stretch(), rest.stretch()), Bases.FIRST))
        .isEqualTo(new TurnText("so far so good", 3));
  }

  @Test
  void theTerminalRowTellsItsEventAndAddsNoText() {
    var event = new TerminalEvent.Interrupted(null, new Usage(3, 2, true));
    var row = LogRow.terminal(TURN, 1, 3, event);

    assertThat(row.data())
        .isEqualTo(
            "{\"type\":\"turn.interrupted\",\"message_id\":null,"
                + "\"usage\":{\"input_tokens\":3,\"output_tokens\":2,\"estimated\":true}}");
    assertThat(row.terminalEvent()).isEqualTo(event);
    assertThat(row.stretch()).isEqualTo(new Stretch(1, 3, List.of("")));
  }

  @Test
  void aRowWhoseBoundsAndDataDisagreeIsNotRead() {
    var row = new LogRow(TURN, 1, 1, 3, LogRow.Kind.DELTAS, "[\"a\"]");

    assertThatThrownBy(row::stretch)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a row of seq 1 to 3 with 1 events");
    assertThatThrownBy(new LogRow(TURN, 1, 1, 1, LogRow.Kind.DELTAS, "{}")::stretch)
        .isInstanceOf(Wire.MalformedWireException.class);
  }

  @Test
  void isItsOwnWireForm() {
    var row = LogRow.deltas(TURN, 1, 1, List.of("a"));

    assertThat(Wire.text(row))
        .isEqualTo(
            "{\"turn_id\":\"0199c1e2-8000-7aaa-8bbb-1234567890ab\",\"attempt\":1,\"seq_from\":1,"
                + "\"seq_to\":1,\"kind\":\"deltas\",\"data\":\"[\\\"a\\\"]\"}");
    assertThat(Wire.decode(Wire.encode(row), LogRow.class)).isEqualTo(row);
  }
}
