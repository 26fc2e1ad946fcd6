package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.Resume;
import dev.penstock.contracts.turn.TerminalEvent;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a reader is sent, from every position, whenever it looks. */
final class ReaderCursorTest {
  private static final int NO_BOUND = 1 << 20;

  private final TurnHead head = new TurnHead(UUID.randomUUID(), null, "sim", null, null);
  private final TurnEncoder encoder = new WordsEncoder();

  private static Edition edition(Transcript transcript, Integer... bases) {
    return new Edition(new Bases(List.of(bases)), transcript, true, false);
  }

  private static Transcript transcript(String... deltas) {
    var transcript = new Transcript(1);
    append(transcript, deltas);
    return transcript;
  }

  private static void append(Transcript transcript, String... deltas) {
    for (var delta : deltas) {
      var utf8 = delta.getBytes(StandardCharsets.UTF_8);
      transcript.append(utf8, 0, utf8.length);
    }
  }

  private static void end(Transcript transcript) {
    transcript.end(new TerminalEvent.Cancelled(null, new Usage(0, 0, true)));
  }

  private List<String> lines(ReaderCursor cursor, Edition edition) {
    var out = Buffer.buffer();
    cursor.advance(edition, edition.transcript().last(), out, NO_BOUND);
    var text = out.toString();
    return text.isEmpty() ? List.of() : List.of(text.split("\n"));
  }

  @Test
  void sendsEverythingFromTheStart() {
    var transcript = transcript("a", "b", "c");
    end(transcript);
    var cursor = new ReaderCursor(head, encoder);
    cursor.fromStart();

    assertThat(lines(cursor, edition(transcript, 0)))
        .containsExactly("accepted 1", "delta 1.3 abc", "turn.cancelled 1.4");
  }

  /** SSE-18: a merged event has the id of its last delta and never spans the position. */
  @Test
  void mergesOnlyWhatLiesBehindThePosition() {
    var transcript = transcript("a", "b", "c", "d");
    var cursor = new ReaderCursor(head, encoder);
    cursor.after(edition(transcript, 0), 2);

    assertThat(lines(cursor, edition(transcript, 0))).containsExactly("delta 1.4 cd");
    append(transcript, "e");
    assertThat(lines(cursor, edition(transcript, 0))).containsExactly("delta 1.5 e");
    assertThat(lines(cursor, edition(transcript, 0))).isEmpty();
  }

  /** T-31: ids keep the attempt their event was stored with. */
  @Test
  void namesTheAttemptThatStoredAnEvent() {
    var transcript = transcript("a", "b", "c", "d");
    var cursor = new ReaderCursor(head, encoder);
    cursor.fromStart();

    cursor.advance(edition(transcript, 0, 2, 3), 2, Buffer.buffer(), NO_BOUND);
    assertThat(cursor.position().toString()).endsWith(".1.2");
    cursor.advance(edition(transcript, 0, 2, 3), 3, Buffer.buffer(), NO_BOUND);
    assertThat(cursor.position().toString()).endsWith(".2.3");
    cursor.advance(edition(transcript, 0, 2, 3), 4, Buffer.buffer(), NO_BOUND);
    assertThat(cursor.position().toString()).endsWith(".3.4");
  }

  /** T-31. */
  @Test
  void sendsAnEmptySnapshotUnderTheCurrentAttempt() {
    var edition = edition(new Transcript(1), 0, 0);
    var cursor = new ReaderCursor(head, encoder);
    cursor.rewind(SnapshotReason.NEW_ATTEMPT);

    assertThat(lines(cursor, edition)).containsExactly("snapshot(NEW_ATTEMPT) 2.0 ");
  }

  /** SSE-11, T-31: the snapshot ends with a whole delta, the rest follows as deltas. */
  @Test
  void splitsASnapshotThatIsTooLargeForOneEvent() {
    var transcript = transcript("x".repeat(30_000), "y".repeat(30_000), "z".repeat(10));
    var edition = edition(transcript, 0);
    var cursor = new ReaderCursor(head, encoder);
    cursor.rewind(SnapshotReason.REWIND);

    assertThat(lines(cursor, edition))
        .containsExactly(
            "snapshot(REWIND) 1.1 " + "x".repeat(30_000),
            "delta 1.2 " + "y".repeat(30_000),
            "delta 1.3 " + "z".repeat(10));
  }

  /** A stored snapshot may be as long as the text: its id comes with its last part. */
  @Test
  void splitsAStoredSnapshotThatIsTooLargeForOneEvent() {
    var prefix = "€".repeat(40_000);
    var transcript = new Transcript(1);
    transcript.appendSnapshot(prefix);
    append(transcript, "more");
    end(transcript);
    var edition = edition(transcript, 0);
    var cursor = new ReaderCursor(head, encoder);
    cursor.fromStart();

    var lines = lines(cursor, edition);

    assertThat(lines.get(1)).startsWith("snapshot(CONTINUE) 1.0 €");
    assertThat(lines).filteredOn(line -> line.startsWith("part €")).isNotEmpty();
    assertThat(lines).filteredOn(line -> line.startsWith("delta 1.")).isNotEmpty();
    assertThat(lines.getLast()).isEqualTo("turn.cancelled 1.3");
    assertThat(String.join("", lines).replaceAll("[^€]", "")).isEqualTo(prefix);
    assertThat(lines).allMatch(line -> line.getBytes(StandardCharsets.UTF_8).length < 64 * 1024);
  }

  @Test
  void sendsTheSameTextHoweverOftenAndFromWhereverItLooks() {
    var deltas = new ArrayList<String>();
    for (var at = 0; at < 40; at++) {
      deltas.add("d" + at + (at % 7 == 0 ? "🐼" : "\"\\\u0001"));
    }
    var all = String.join("", deltas);
    for (var from = 0; from <= deltas.size(); from++) {
      for (var step = 1; step < 9; step += 3) {
        var transcript = transcript(deltas.toArray(String[]::new));
        end(transcript);
        var edition = edition(transcript, 0);
        var cursor = new ReaderCursor(head, encoder);
        cursor.after(edition, from);
        var text = new StringBuilder();
        for (var last = from; last <= transcript.last(); last += step) {
          text.append(text(cursor, edition, last));
        }
        text.append(text(cursor, edition, transcript.last()));

        assertThat(String.join("", deltas.subList(0, from)) + text).isEqualTo(all);
        assertThat(cursor.seq()).isEqualTo(transcript.last());
      }
    }
  }

  private static String text(ReaderCursor cursor, Edition edition, int last) {
    var out = Buffer.buffer();
    cursor.advance(edition, last, out, NO_BOUND);
    return out.toString().replaceAll("(?m)^turn.cancelled.*\n|^delta \\S+ |\n", "");
  }

  /** SSE-11: whatever the bytes, however they are cut. */
  @Test
  void keepsEveryEventBelowItsBound() {
    var nasty = new Transcript(1);
    var text = new AnswerText(nasty);
    text.append("\u0001".repeat(20_000) + "🐼".repeat(9_000) + "\"".repeat(50_000));
    var edition = edition(nasty, 0);
    var cursor = new ReaderCursor(head, encoder);
    cursor.fromStart();
    var seen = new StringBuilder();

    while (cursor.seq() < nasty.last()) {
      var out = Buffer.buffer();
      cursor.advance(edition, nasty.last(), out, 1);
      var literal = dev.penstock.contracts.wire.JsonString.append(Buffer.buffer(), out.toString());
      assertThat(literal.length()).isLessThan(50 * 1024);
      seen.append(out.toString().replaceAll("(?m)^(accepted 1|delta \\S+ )|\n", ""));
    }

    assertThat(seen.toString()).isEqualTo(nasty.string());
  }

  @Test
  void decidesAsTheResumeTableSays() {
    var transcript = transcript("a", "b", "c");
    var edition = edition(transcript, 0, 2);

    assertThat(edition.decide(null, 3)).isInstanceOf(Resume.FromStart.class);
    assertThat(edition.attemptOf(2)).isEqualTo(1);
    assertThat(edition.attemptOf(3)).isEqualTo(2);
    assertThat(edition.attemptOf(0)).isEqualTo(2);
  }
}
