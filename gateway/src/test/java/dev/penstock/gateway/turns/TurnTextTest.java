package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.turn.Bases;
import dev.penstock.contracts.turn.TerminalEvent;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TurnTextTest {
  private final Vertx vertx = Vertx.vertx();
  private final TurnFeed feed = feed();
  private final Semaphore woken = new Semaphore(0);
  private final Transcript transcript = new Transcript(1);
  private final List<String> pieces = new ArrayList<>();
  private TurnText text;

  @BeforeEach
  void read() throws Exception {
    var made = new CompletableFuture<TurnText>();
    vertx.runOnContext(
        _ ->
            made.complete(
                new TurnText(
                    new TurnLoop(vertx),
                    feed,
                    new TurnText.Reader() {
                      @Override
                      public void changed() {
                        woken.release();
                      }

                      @Override
                      public void tick() {}
                    })));
    text = made.get(20, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  @Test
  void givesWhatThereIsInPiecesThatFitAnEventAndHoldWholeCharacters() {
    assertThat(take()).isEmpty();
    say(transcript, "Zoë ");
    say(transcript, "€".repeat(10_000));
    feed.publish(edition(transcript));

    take();

    assertThat(String.join("", pieces)).isEqualTo("Zoë " + "€".repeat(10_000));
    assertThat(pieces)
        .hasSizeGreaterThan(1)
        .allSatisfy(piece -> assertThat(piece).doesNotContain("�"));
    assertThat(take()).isEmpty();
  }

  @Test
  void wakesItsReaderForMore() throws Exception {
    feed.publish(edition(transcript));
    assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).isTrue();

    say(transcript, "a");
    feed.wake();

    assertThat(woken.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
    assertThat(take()).containsExactly("a");
  }

  /** T-23: another attempt that builds on the text that was given. */
  @Test
  void goesOnWhereANewAttemptBuildsOnWhatWasGiven() {
    say(transcript, "one ");
    feed.publish(edition(transcript));
    take();

    var next = new Transcript(1);
    say(next, "one ");
    say(next, "two");
    feed.publish(edition(next));

    assertThat(take()).containsExactly("two");
  }

  /** T-25: what was given cannot be taken back, so nothing is added to it. */
  @Test
  void givesNothingMoreWhereANewAttemptStartsOver() {
    say(transcript, "one ");
    feed.publish(edition(transcript));
    take();

    var next = new Transcript(1);
    say(next, "uno due tre");
    feed.publish(edition(next));

    assertThat(take()).isEmpty();
  }

  @Test
  void followsATurnThatMovedToAnotherFeed() {
    var elsewhere = feed();
    say(transcript, "a");
    elsewhere.publish(edition(transcript));
    feed.moveTo(elsewhere);

    assertThat(take()).containsExactly("a");
    assertThat(feed.readers()).isZero();
    assertThat(elsewhere.readers()).isOne();
  }

  @Test
  void tellsTheEndAndIsAReaderUntilItIsClosed() {
    feed.publish(edition(transcript));
    assertThat(text.end()).isNull();

    transcript.end(new TerminalEvent.Cancelled(null, new Usage(1, 0, false)));

    assertThat(text.end()).isInstanceOf(TurnEnd.Committed.class);
    assertThat(feed.readers()).isOne();
    text.close();
    assertThat(feed.readers()).isZero();
    assertThat(take()).isEmpty();
  }

  private List<String> take() {
    var before = pieces.size();
    while (text.next(
        (utf8, from, to) ->
            pieces.add(new String(utf8, from, to - from, StandardCharsets.UTF_8)))) {
      // each is in the list
    }
    return pieces.subList(before, pieces.size());
  }

  private static TurnFeed feed() {
    return new TurnFeed(new TurnHead(UUID.randomUUID(), null, "sim", null, null));
  }

  private static Edition edition(Transcript transcript) {
    return new Edition(Bases.FIRST, transcript, true, false);
  }

  private static void say(Transcript transcript, String text) {
    var utf8 = text.getBytes(StandardCharsets.UTF_8);
    transcript.append(utf8, 0, utf8.length);
  }
}
