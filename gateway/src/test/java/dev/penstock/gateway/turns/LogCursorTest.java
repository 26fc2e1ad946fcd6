package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.wire.Wire;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** T-10: a row, once cut, keeps its bounds until it is acknowledged. */
final class LogCursorTest {
  private static final int NO_BOUND = 1 << 20;

  private final Transcript transcript = new Transcript(1);
  private final LogCursor log = new LogCursor(UUID.randomUUID(), 1, transcript, 0);

  private void append(String... deltas) {
    for (var delta : deltas) {
      var utf8 = delta.getBytes(StandardCharsets.UTF_8);
      transcript.append(utf8, 0, utf8.length);
    }
  }

  private LogRow next(int maxBytes) {
    return Objects.requireNonNull(log.next(maxBytes));
  }

  private static List<String> texts(LogRow row) {
    return Arrays.asList(Wire.decode(row.data(), String[].class));
  }

  @Test
  void sendsNothingWhileThereIsNothing() {
    assertThat(log.next(NO_BOUND)).isNull();
  }

  @Test
  void writesOneTextPerSeq() {
    append("a", "\"b\"\n", "🐼\u0001");

    var row = next(NO_BOUND);

    assertThat(row.seqFrom()).isEqualTo(1);
    assertThat(row.seqTo()).isEqualTo(3);
    assertThat(texts(row)).containsExactly("a", "\"b\"\n", "🐼\u0001");
  }

  @Test
  void resendsARowUnchangedUntilItIsAcknowledged() {
    append("a", "b");
    var first = next(NO_BOUND);
    append("c");

    assertThat(next(NO_BOUND)).isEqualTo(first);
    log.acknowledge();
    assertThat(texts(next(NO_BOUND))).containsExactly("c");
    assertThat(next(NO_BOUND).seqFrom()).isEqualTo(3);
  }

  @Test
  void givesFinishTheRowOnItsWayAndTheRest() {
    append("a", "b");
    var sent = next(NO_BOUND);
    append("c");

    var rows = log.close();

    assertThat(rows).hasSize(2);
    assertThat(rows.getFirst()).isEqualTo(sent);
    assertThat(texts(rows.getLast())).containsExactly("c");
    assertThat(log.next(NO_BOUND)).isNull();
  }

  @Test
  void boundsARowButNeverBelowOneEvent() {
    append("aaaa", "bbbb", "cccc");

    assertThat(texts(next(9))).containsExactly("aaaa", "bbbb");
    log.acknowledge();
    assertThat(texts(next(1))).containsExactly("cccc");
  }

  @Test
  void resendsAPlaceOfWhichItIsNotKnownWhetherItIsStored() {
    var place = new QueuePlace(QueueReason.SLOTS, 1, 10);

    assertThat(log.place(null)).isNull();
    assertThat(Objects.requireNonNull(log.place(place)).place()).isEqualTo(place);
    // The flush failed, and the turn waits no longer: the stored place must still go.
    assertThat(log.place(null)).isNotNull();
    log.acknowledge();
    assertThat(log.place(null)).isNull();
  }

  /** T-30: what was acknowledged before, and asked about only now, is confirmed with it. */
  @Test
  void isUnconfirmedUntilAllThatIsStoredIsConfirmed() {
    assertThat(log.isUnconfirmed()).isFalse();
    append("a", "b");
    next(NO_BOUND);
    assertThat(log.isUnconfirmed()).isTrue();
    log.acknowledge();
    append("c");

    assertThat(log.isUnconfirmed()).isTrue();
    assertThat(log.confirm()).isEqualTo(2);
    assertThat(log.isUnconfirmed()).isFalse();
  }

  @Test
  void countsWhatIsNotStored() {
    append("abc", "de");
    next(NO_BOUND);
    assertThat(log.unflushedBytes()).isEqualTo(5);

    log.acknowledge();

    assertThat(log.unflushedBytes()).isZero();
  }
}
