package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Queueing, starting, stopping, and what is offered afterwards. */
class WaitingIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  /** CP-24. */
  @Test
  void showsThePlaceInTheQueueAlsoAfterAReload() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("At last.").queued("slots", 3, 30_000));

    page.send("Hello?").untilStatus("3rd in the queue, about 30 s");
    gateway.move("slots", 1, 9_000);
    page.untilStatus("Next in the queue, about 9 s");
    page.tab().reload();
    page.untilStatus("Next in the queue");
    gateway.release();

    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("At last.");
  }

  /** CP-24: the wait runs down between two events, and never below "a few seconds". */
  @Test
  void countsTheWaitDown() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("At last.").queued("slots", 2, 6_400));

    page.send("Hello?").untilStatus("2nd in the queue, about 6 s");

    page.untilStatus("2nd in the queue, about 5 s");
    page.untilStatus("2nd in the queue, a few seconds");
  }

  /** CP-24. */
  @Test
  void leavesTheQueueWithOneClick() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("Never.").queued("slots", 7, 90_000));
    page.send("Hello?").untilStatus("7th in the queue, about 2 min");

    page.tab().click("#status button");

    page.untilState("cancelled");
    assertThat(gateway.newestTurn().getString("state")).isEqualTo("cancelled");
    assertThat(page.status()).isBlank();
  }

  /** CP-25. */
  @Test
  void saysWhatItWaitsForBeforeTheFirstWord() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("Warm now.").queued("loading", 1, 8_000).heldAfter(0));

    page.send("Hello?").untilStatus("Starting the model…");
    gateway.release();

    page.untilState("completed");
    gateway.next(Script.answer("Quick.").heldAfter(0));
    page.send("And now?").untilStatus("Reading your question…");
  }

  /** CP-26: at once for the eye, which is the next frame, and the text so far stays. */
  @Test
  void stopsAndKeepsThePartialAnswer() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three four").heldAfter(2));
    page.send("Count").untilAnswer("One two");
    page.tab()
        .evaluate(
            """
            window.stopping = new Promise((resolve) => document.querySelector('#send').addEventListener('click', () => {
              let frames = 0;
              const look = () => document.querySelector('#status').innerText.includes('Stopping')
                ? resolve(frames) : (frames++, requestAnimationFrame(look));
              look();
            }));
            0""");

    page.tab().doubleClick("#send");

    page.untilState("cancelled");
    assertThat((Number) page.tab().evaluate("window.stopping"))
        .extracting(Number::intValue)
        .satisfies(frames -> assertThat(frames).isLessThanOrEqualTo(1));
    assertThat(page.answer()).isEqualTo("One two ");
    assertThat(page.tab().text("document.querySelector('.how').innerText")).isEqualTo("Stopped");
    assertThat(gateway.requests()).filteredOn(request -> request.contains("/cancel")).hasSize(1);
  }

  /** CP-26: whatever was clicked to stop is not a click on what stands there next. */
  @Test
  void doesNotSendWhatIsTypedWithTheSecondClickOnStop() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three").heldAfter(1));
    page.send("Count").untilState("streaming");
    page.tab().type("not yet");

    page.tab().doubleClick("#send");

    page.untilState("cancelled");
    assertThat(page.draft()).isEqualTo("not yet");
    assertThat(gateway.turnCount()).isOne();
  }

  /** CP-26: the request is repeated until it arrives. */
  @Test
  void stopsThoughTheConnectionIsLost() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three").heldAfter(1));
    page.send("Count").untilState("streaming");
    gateway.unreachable(true);
    gateway.cutStreams();

    page.tab().click("#send");
    page.untilStatus("Stopping…");
    gateway.unreachable(false);

    page.untilState("cancelled");
  }

  @Test
  void stopsOnEscape() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three").heldAfter(1));
    page.send("Count").untilState("streaming");

    page.tab().press(Key.ESCAPE);

    page.untilState("cancelled");
  }

  /** CP-27. */
  @Test
  void continuesAStoppedAnswerInTheSameBubble() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three").heldAfter(2));
    page.send("Count").untilAnswer("One two");
    page.tab().press(Key.ESCAPE);
    page.untilState("cancelled");
    gateway.next(Script.answer("three four"));

    page.choose("Continue");

    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("One two three four");
    assertThat(page.turns()).isOne();
    page.tab().reload();
    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("One two three four");
    assertThat(page.turns()).isOne();
  }

  /** CP-27: on length, interrupted and failed with text; not on a complete answer. */
  @Test
  void offersToContinueWhereThereIsSomethingToContinue() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.send("One").untilState("completed");
    assertThat(page.offers("Continue")).isFalse();

    gateway.next(Script.answer("Cut sho").ending("length"));
    page.send("Two").untilState("completed");
    assertThat(page.offers("Continue")).isTrue();

    gateway.next(Script.answer("Cut sho").interrupted());
    page.send("Three").untilState("interrupted");
    assertThat(page.offers("Continue")).isTrue();

    gateway.next(Script.answer("Cut sho").failing("upstream_truncated"));
    page.send("Four").untilState("failed");
    assertThat(page.offers("Continue")).isTrue();
    assertThat(page.tab().text("[...document.querySelectorAll('.failure')].at(-1).innerText"))
        .contains("The model broke off its answer.");
  }

  @Test
  void saysWhenAnAnswerCannotBeContinuedAndKeepsIt() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("Cut sho").interrupted());
    page.send("One").untilState("interrupted");
    gateway.refuseNext(409, "cannot_continue", -1);

    page.choose("Continue");

    page.tab().untilShows(".failure", "This model cannot go on with an answer it has begun.");
    assertThat(page.answer()).isEqualTo("Cut sho");
  }

  @Test
  void regeneratesTheLastAnswer() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.send("Again and again").untilState("completed");
    gateway.next(Script.answer("Leaves."));

    page.choose("Regenerate");

    page.untilAnswer("Leaves.");
    page.untilState("completed");
    assertThat(page.turns()).isOne();
  }

  @Test
  void triesAgainAfterAFailureWithoutText() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("").failing("upstream_failed"));
    page.send("Work, please").untilState("failed");
    assertThat(page.tab().text("document.querySelector('.failure').innerText"))
        .contains("The model stopped working")
        .contains("0199c1e2-req");

    page.choose("Try again");

    page.untilState("completed");
    assertThat(page.turns()).isOne();
    assertThat(page.tab().text("document.querySelector('.bubble').innerText"))
        .isEqualTo("Work, please");
  }

  /** The same key, by itself and at most three times, then at the person's wish. */
  @Test
  void triesAgainByItselfWhenTheServerIsBusy() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.refuseNext(429, "queue_full", 1_000);

    page.send("Room for one?").untilStatus("Busy, trying again in 1 s");

    page.untilState("completed");
    assertThat(gateway.turnCount()).isOne();
  }

  @Test
  void triesAtOnceOrNotAtAllWhenThePersonSaysSo() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.refuseNext(503, "no_capacity", 30_000);
    page.send("Room for one?").untilStatus("Busy, trying again in 30 s");
    page.tab().click("#status button:first-of-type");
    page.untilState("completed");

    gateway.refuseNext(503, "no_capacity", 30_000);
    page.send("And another?").untilStatus("Busy");
    page.tab().click("#status button:last-of-type");

    page.untilState("unsent");
    assertThat(page.tab().text("[...document.querySelectorAll('.failure')].at(-1).innerText"))
        .contains("Not sent. No model server is available right now.");
    page.choose("Try again");
    page.untilState("completed");
    assertThat(gateway.questions()).containsExactly("Room for one?", "And another?");
  }
}
