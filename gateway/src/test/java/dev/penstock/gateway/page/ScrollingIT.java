package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CP-11: following the answer is a state that only the person changes. */
class ScrollingIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  private static final String TEXT = Script.counted(600);
  private static final String TOP = "Math.round(document.querySelector('#scroller').scrollTop)";
  private static final String AT_END =
      "(({scrollTop, scrollHeight, clientHeight}) => scrollHeight - clientHeight - scrollTop <= 8)(document.querySelector('#scroller'))";

  /** A window so low that a short answer outgrows it. */
  private static Conversation openLow() {
    var tab = browser.tab();
    tab.size(1000, 420);
    return Conversation.open(tab, gateway.address());
  }

  @Test
  void followsUntilThePersonScrollsUpAndAgainFromTheEnd() {
    var page = openLow();
    gateway.next(Script.answer(TEXT).heldAfter(300, 420, 540));
    page.send("Count").untilAnswer("n240");
    page.tab().until(AT_END);

    page.tab().wheel(-100);
    page.tab().until("!document.querySelector('#latest').hidden");
    page.tab().until(TOP + " === (window.before ?? -1) || (window.before = " + TOP + ", false)");
    var reading = page.tab().evaluate(TOP);
    gateway.release();
    page.untilAnswer("n340");
    assertThat(page.tab().evaluate(TOP)).isEqualTo(reading);

    page.tab().click("#latest");
    page.tab().until(AT_END);
    gateway.release();
    page.untilAnswer("n440");
    page.tab().until(AT_END);
    assertThat(page.tab().evaluate("document.querySelector('#latest').hidden")).isEqualTo(true);
  }

  @Test
  void followsAgainWhenThePersonReachesTheEnd() {
    var page = openLow();
    gateway.next(Script.answer(TEXT).heldAfter(300, 420));
    page.send("Count").untilAnswer("n240");
    page.tab().wheel(-150);
    page.tab().until("!document.querySelector('#latest').hidden");

    page.tab().wheel(5000);
    page.tab().until(AT_END);
    gateway.release();

    page.untilAnswer("n340");
    page.tab().until(AT_END);
  }

  @Test
  void doesNotScrollWhenTheAnswerIsFinished() {
    var page = openLow();
    var last = TEXT.length() / 4;
    gateway.next(Script.answer(TEXT).heldAfter(last + 1));
    page.send("Count").untilAnswer("n599");
    page.tab().until(AT_END);
    var before = page.tab().evaluate(TOP);

    gateway.release();

    page.untilState("completed");
    page.tab().evaluate("new Promise(requestAnimationFrame)");
    assertThat(page.tab().evaluate(TOP)).isEqualTo(before);
  }

  @Test
  void keepsTheReadingPositionWhenTheLayoutChanges() {
    var page = openLow();
    gateway.next(Script.answer(TEXT).heldAfter(300));
    page.send("Count").untilAnswer("n240");
    page.tab().wheel(-150);
    page.tab().until("!document.querySelector('#latest').hidden");

    page.tab().size(1000, 360);
    page.tab().size(1000, 420);
    gateway.release();

    page.untilState("completed");
    assertThat(page.tab().evaluate(AT_END)).isEqualTo(false);
  }
}
