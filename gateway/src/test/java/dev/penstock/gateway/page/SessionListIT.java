package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CP-38: the list of chats. */
class SessionListIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  private static final String TITLES =
      "[...document.querySelectorAll('#sessions .name')].map((name) => name.innerText).join('|')";

  @Test
  void listsTheLatestFirstAndMarksTheOpenOne() {
    var first = gateway.seed("First", 1);
    gateway.seed("Second", 1);
    gateway.seed("Third", 1);
    var page = Conversation.open(browser.tab(), gateway.address(first));

    page.tab().until(TITLES + " === 'Third|Second|First'");
    assertThat(page.tab().text("document.querySelector('#sessions [aria-current]').innerText"))
        .isEqualTo("First");

    page.send("News").untilState("completed");
    page.tab().until(TITLES + " === 'First|Third|Second'");
  }

  @Test
  void marksTheChatsThatAreAnswering() {
    var other = gateway.seed("Elsewhere", 1);
    gateway.next(Script.answer("Slow").heldAfter(0));
    gateway.ask(other, "From the phone");
    var page = Conversation.open(browser.tab(), gateway.address());

    page.tab()
        .until("document.querySelector('[data-session=\"%s\"] .dot') !== null".formatted(other));
  }

  @Test
  void readsFiftyAtATimeAsItIsScrolled() {
    for (var n = 0; n < 120; n++) {
      gateway.seed("Chat " + n, 0);
    }
    var page = Conversation.open(browser.tab(), gateway.address());
    var count = "document.querySelectorAll('#sessions li').length";
    page.tab().until(count + " === 50");

    page.tab().evaluate("document.querySelector('#sessions').scrollTop = 1e6");
    page.tab().until(count + " === 100");
    page.tab().evaluate("document.querySelector('#sessions').scrollTop = 1e6");

    page.tab().until(count + " === 120");
    assertThat(
            page.tab().text("document.querySelector('#sessions li:last-child').innerText").strip())
        .isEqualTo("Chat 0");
  }

  @Test
  void renamesInPlace() {
    var session = gateway.seed("Old name", 1);
    var page = Conversation.open(browser.tab(), gateway.address(session));
    page.tab().until(TITLES + " === 'Old name'");

    page.tab()
        .evaluate(
            "document.querySelector('#sessions button[aria-label=\"Rename Old name\"]').click()");
    page.tab().type("New name");
    page.tab().press(Key.ENTER);

    page.tab().untilShows("#title", "New name");
    page.tab().until(TITLES + " === 'New name'");
    assertThat(gateway.newestSession().getString("title")).isEqualTo("New name");
  }

  @Test
  void deletesAfterOneQuestionThatNamesTheChat() {
    var session = gateway.seed("Doomed", 1);
    var page = Conversation.open(browser.tab(), gateway.address(session));
    page.tab().until(TITLES + " === 'Doomed'");
    page.tab()
        .evaluate(
            "document.querySelector('#sessions button[aria-label=\"Delete Doomed\"]').click()");
    page.tab().untilShows("dialog", "Delete “Doomed”?");

    page.tab().press(Key.ESCAPE);
    page.tab().until("document.querySelector('dialog') === null");
    assertThat(gateway.requests()).noneMatch(request -> request.startsWith("DELETE"));

    page.tab()
        .evaluate(
            "document.querySelector('#sessions button[aria-label=\"Delete Doomed\"]').click()");
    page.tab().click("dialog .danger");

    page.tab().until("document.querySelectorAll('#sessions li').length === 0");
    assertThat(page.tab().text("location.search")).isEmpty();
    assertThat(page.tab().text("document.querySelector('#title').innerText")).isEqualTo("New chat");
  }

  /** CP-39: the last messages first, the older ones as the person scrolls up. */
  @Test
  void opensALongChatAtItsEndAndReadsOlderMessagesAbove() {
    var session = gateway.seed("Long", 120);
    var page = Conversation.open(browser.tab(), gateway.address(session));
    page.tab().until("document.querySelectorAll('.turn').length === 25");
    assertThat(page.answer()).contains("answer 119");

    page.tab().wheel(-20_000);

    page.tab().until("document.querySelectorAll('.turn').length >= 50");
    assertThat(page.tab().text("document.querySelector('.bubble').innerText"))
        .startsWith("question ");
  }
}
