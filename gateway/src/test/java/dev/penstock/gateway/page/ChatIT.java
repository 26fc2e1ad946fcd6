package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Sending a message and reading its answer. */
class ChatIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  /** CP-3, CP-18: one turn, and an address that leads to it. */
  @Test
  void answersAMessageAndGivesTheChatAnAddress() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.send("What do red pandas eat?").untilState("completed");

    assertThat(page.answer()).isEqualTo("Bamboo, mostly.");
    assertThat(gateway.questions()).containsExactly("What do red pandas eat?");
    assertThat(page.sessionId()).isEqualTo(gateway.newestSession().getString("id"));
    assertThat(page.tab().text("document.title")).isEqualTo("What do red pandas eat? · Penstock");
  }

  /** CP-2. */
  @Test
  void showsTheQuestionWithinAFrameAndMarkedUntilItIsAccepted() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab()
        .evaluate(
            """
            window.seen = new Promise((resolve) => {
              addEventListener('keydown', (event) => {
                if (event.key === 'Enter') requestAnimationFrame(() => resolve(document.querySelector('.turn')?.innerText));
              });
            });
            0""");

    page.send("Are you there?");

    assertThat(page.tab().text("window.seen")).contains("Are you there?").contains("Sending…");
    page.untilState("completed");
    assertThat(page.tab().text("document.querySelector('.turn').innerText"))
        .contains("Are you there?")
        .doesNotContain("Sending…");
  }

  /** CP-3. */
  @Test
  void makesOneTurnOfADoubleClick() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("Once.").heldAfter(0));
    page.tab().type("How often?");

    page.tab().doubleClick("#send");

    page.untilState("reading");
    gateway.release();
    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("Once.");
    assertThat(gateway.turnCount()).isOne();
  }

  /** CP-3. */
  @Test
  void makesOneTurnOfADoubleEnter() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.send("How often?");
    page.tab().press(Key.ENTER);

    page.untilState("completed");
    assertThat(gateway.turnCount()).isOne();
  }

  /** CP-3: the page goes while the request is under way, and the reply is lost with it. */
  @Test
  void makesOneTurnOfAMessageWhoseReplyAReloadLost() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("Only once."));
    gateway.loseNextReply();
    page.send("How often?");
    page.tab().until("document.querySelector('.turn') !== null");

    page.tab().reload();

    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("Only once.");
    assertThat(page.turns()).isOne();
    assertThat(gateway.turnCount()).isOne();
    assertThat(
            page.tab()
                .text("Object.keys(localStorage).filter((key) => key.includes('outbox')).length"))
        .isEqualTo("0");
  }

  /** CP-3: without a reload. */
  @Test
  void sendsAgainUnderTheSameKeyWhenTheReplyIsLost() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.loseNextReply();

    page.send("How often?").untilState("completed");

    assertThat(page.answer()).isEqualTo("Bamboo, mostly.");
    assertThat(gateway.turnCount()).isOne();
  }

  /** CP-26: Stop is there from the moment of sending. */
  @Test
  void offersStopBeforeTheServerHasAnswered() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.refuseNext(503, "no_capacity", 30_000);

    page.send("Slow?").untilStatus("Busy");

    assertThat(page.tab().text("document.querySelector('#send').getAttribute('aria-label')"))
        .isEqualTo("Stop");
  }

  /** CP-3: what another device does meanwhile is shown, and the message waits for its writer. */
  @Test
  void keepsAMessageThatMeetsAnotherDevicesTurn() {
    var session = gateway.seed("Shared", 1);
    var page = Conversation.open(browser.tab(), gateway.address(session));
    page.tab().untilShows(".text", "answer 0");
    gateway.next(Script.answer("For the phone.").heldAfter(1));
    gateway.ask(session, "From the phone");

    page.send("From here").untilState("unsent");
    page.tab().untilShows("#transcript", "From the phone");
    page.tab().untilShows("#transcript", "Another answer is still being written in this chat.");
    gateway.release();

    page.tab().untilShows("#transcript", "For the phone.");
    page.tab().until("document.querySelector('#send').dataset.mode === 'send'");
    page.choose("Try again");
    page.untilState("completed");
    assertThat(gateway.questions()).containsExactly("From the phone", "From here");
  }

  /** CP-9. */
  @Test
  void sendsAndShowsTextUnchanged() {
    var page = Conversation.open(browser.tab(), gateway.address());
    var text = "  two spaces\n\n\tand <b>no</b> markup **here**  ";

    page.send(text).untilState("completed");

    assertThat(gateway.questions()).containsExactly(text);
    assertThat(page.tab().text("document.querySelector('.bubble').textContent")).isEqualTo(text);
    page.tab().reload();
    page.untilState("completed");
    assertThat(page.tab().text("document.querySelector('.bubble').textContent")).isEqualTo(text);
  }

  /** CP-15: a difference would be a console error, which fails any browser test. */
  @Test
  void assemblesTheTextThatIsStored() {
    var page = Conversation.open(browser.tab(), gateway.address());
    var text = "Grüße, 🐼!\n\n" + Script.counted(200);
    gateway.next(Script.answer(text));

    page.send("Greet me").untilState("completed");

    assertThat(page.answerParagraphs()).isEqualTo(text);
  }

  /** CP-15. */
  @Test
  void namesTheModelThatAnswered() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.send("Who are you?").untilState("completed");

    assertThat(page.tab().text("document.querySelector('.answer h2').innerText"))
        .contains("gemma3:270m");
    assertThat(page.tab().text("document.querySelector('.figures').innerText"))
        .isEqualTo("38 ms to first token · 33 tokens/s");
  }
}
