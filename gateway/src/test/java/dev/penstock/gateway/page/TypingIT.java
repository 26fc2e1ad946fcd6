package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The message field. */
class TypingIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  /**
   * CP-4: the key that chooses a word of an input method does not send, before or after its end.
   */
  @Test
  void leavesTheEnterOfAnInputMethodToIt() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.tab().compose("にほん");
    page.tab().press(Key.ENTER_OF_INPUT_METHOD);
    page.tab().type("日本");
    page.tab().press(Key.ENTER_OF_INPUT_METHOD);

    assertThat(page.draft()).isEqualTo("日本");
    assertThat(page.turns()).isZero();
    page.tab().press(Key.ENTER);
    page.untilState("completed");
    assertThat(gateway.questions()).containsExactly("日本");
  }

  /** CP-4. */
  @Test
  void breaksTheLineOnShiftEnter() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.tab().type("one");
    page.tab().press(Key.ENTER, Key.Modifier.SHIFT);
    page.tab().type("two");

    assertThat(page.draft()).isEqualTo("one\ntwo");
    assertThat(gateway.turnCount()).isZero();
  }

  /** CP-6. */
  @Test
  void keepsTheDraftOverAReloadAndPerChat() {
    var other = gateway.seed("Another chat", 1);
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().type("half a thou");
    page.tab().reload();
    assertThat(page.draft()).isEqualTo("half a thou");

    page.tab().click("[data-session='%s']".formatted(other));
    page.tab().untilShows("#title", "Another chat");
    assertThat(page.draft()).isEmpty();

    page.tab().click("#new-chat");
    page.tab().untilShows("#title", "New chat");
    assertThat(page.draft()).isEqualTo("half a thou");
  }

  /**
   * CP-2, CP-6: what was refused can be sent again or changed, and is still there after a reload.
   */
  @Test
  void keepsARefusedMessage() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.refuseNext(404, "model_not_found", -1);

    page.send("Precious words").untilState("unsent");
    page.tab().reload();
    page.untilState("unsent");
    assertThat(page.tab().text("document.querySelector('.failure').innerText"))
        .contains("Not sent. This model is not served here any more.");
    page.choose("Edit");

    assertThat(page.draft()).isEqualTo("Precious words");
    assertThat(page.turns()).isZero();
    page.send("").untilState("completed");
    assertThat(gateway.questions()).containsExactly("Precious words");
  }

  @Test
  void stopsTheAnswerAndSendsOnControlEnter() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three").heldAfter(2));
    page.send("Count").untilAnswer("One two");

    page.tab().type("Stop that");
    page.tab().press(Key.ENTER);
    assertThat(page.draft()).isEqualTo("Stop that");
    page.tab().press(Key.ENTER, Key.Modifier.CONTROL);

    page.untilState("completed");
    assertThat(page.answer()).isEqualTo("Bamboo, mostly.");
    page.tab().until("document.querySelector('.turn').dataset.state === 'cancelled'");
    assertThat(gateway.questions()).containsExactly("Count", "Stop that");
  }

  @Test
  void bringsTheLastQuestionBackOnArrowUp() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.send("Once more").untilState("completed");

    page.tab().press(Key.UP);

    assertThat(page.draft()).isEqualTo("Once more");
  }

  /** CP-7: nothing is cut, nothing is sent. */
  @Test
  void saysThatAMessageIsTooLongBeforeItIsSent() {
    var page = Conversation.open(browser.tab(), gateway.address());

    page.tab().type("ä".repeat(140_000));

    page.tab().untilShows("#hint", "280,000 of 262,144 bytes");
    page.tab().press(Key.ENTER);
    assertThat(page.turns()).isZero();
    assertThat(page.draft()).hasSize(140_000);
  }
}
