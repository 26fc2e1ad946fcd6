package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.browser.Tab;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CP-57 and the state "signed out" of chat-page.md. */
class SignInIT {
  private static final String KEY = "psk_k1_this-is-a-key-of-this-test";

  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  @Test
  void asksForAKeyAndKeepsItInThisTabAlone() {
    gateway.requireKey(KEY);
    gateway.seed("Older chat", 1);
    var tab = browser.tab();
    tab.open(gateway.address());
    tab.untilShows("#sign-in", "Sign in");
    assertThat(gateway.requests()).noneMatch(request -> request.contains("/v1/"));
    assertThat(tab.text("document.querySelector('#provider').getAttribute('href')"))
        .isEqualTo("/auth/login?return=%2F");

    enter(tab, KEY);

    tab.untilShows("#sessions", "Older chat");
    tab.until("document.querySelector('#sign-in').hidden");
    tab.untilShows("#person", "Keeper of " + KEY);
    assertThat(tab.text("JSON.stringify({...localStorage})")).doesNotContain(KEY);
    assertThat(tab.text("sessionStorage.getItem('penstock.key')")).isEqualTo(KEY);
    assertThat(gateway.requests()).noneMatch(request -> request.contains(KEY));
    tab.reload();
    tab.untilShows("#sessions", "Older chat");
    assertThat(tab.evaluate("document.querySelector('#sign-in').hidden")).isEqualTo(true);
  }

  @Test
  void saysThatAKeyIsNotValid() {
    gateway.requireKey(KEY);
    var tab = browser.tab();
    tab.open(gateway.address());
    tab.untilShows("#sign-in", "Sign in");

    enter(tab, "psk_wrong");

    tab.untilShows("#sign-in [role=alert]", "This key is not valid.");
    assertThat(tab.text("String(sessionStorage.getItem('penstock.key'))")).isEqualTo("null");
    enter(tab, "grün");
    tab.untilShows("#sign-in [role=alert]", "This key is not valid.");
  }

  @Test
  void keepsDraftAndMessageWhenTheKeyEndsAndGoesOnWithThem() {
    gateway.requireKey(KEY);
    var page = signedIn();
    gateway.requireKey("psk_k2_the-next-one");

    page.send("Where are the pandas?");

    page.tab().untilShows("#sign-in", "What you wrote is kept.");
    page.untilState("unsent");
    page.tab().untilShows("#alarm", "You are not signed in");
    page.tab().evaluate("document.querySelector('#message').focus()");
    page.tab().type("and a draft");
    page.tab().press(Key.ENTER);
    page.tab().untilShows("#hint", "Sign in first");
    gateway.requireKey(KEY);
    gateway.next(Script.answer("In the trees"));
    enter(page.tab(), KEY);

    page.untilAnswer("In the trees").untilState("completed");
    assertThat(gateway.questions()).containsExactly("Where are the pandas?");
    assertThat(page.draft()).isEqualTo("and a draft");
    page.tab().forgive("401");
  }

  @Test
  void goesOnReadingAnAnswerAfterTheKeyEndedInTheMiddleOfIt() {
    gateway.requireKey(KEY);
    var page = signedIn();
    gateway.next(Script.answer("One two three").heldAfter(1));
    page.send("Count").untilState("streaming");
    gateway.requireKey("psk_k2_the-next-one");
    gateway.cutStreams();
    page.tab().untilShows("#sign-in", "Sign in");

    gateway.requireKey(KEY);
    enter(page.tab(), KEY);
    gateway.release();

    page.untilAnswer("One two three").untilState("completed");
    assertThat(gateway.questions()).containsExactly("Count");
    page.tab().forgive("401", "ERR_");
  }

  @Test
  void forgetsKeyDraftsAndMessagesAtSigningOut() {
    gateway.requireKey(KEY);
    gateway.seed("Older chat", 1);
    var page = signedIn();
    page.tab().evaluate("document.querySelector('#message').focus()");
    page.tab().type("a secret draft");
    page.tab()
        .until("Object.values({...localStorage}).some((value) => value.includes('secret draft'))");

    page.tab().click("#sign-out");

    page.tab().untilShows("#sign-in", "Sign in");
    assertThat(page.tab().text("JSON.stringify({...localStorage})")).isEqualTo("{}");
    assertThat(page.tab().text("String(sessionStorage.getItem('penstock.key'))")).isEqualTo("null");
    assertThat(page.draft()).isEmpty();
    assertThat(page.tab().text("document.querySelector('#sessions').innerText")).isEmpty();
  }

  @Test
  void leavesNothingOfOneToTheNextInTheSameTab() {
    gateway.requireKey(KEY);
    var page = signedIn();
    page.tab().evaluate("document.querySelector('#message').focus()");
    page.tab().type("a draft of the first");
    gateway.requireKey("psk_k2_somebody-else");
    page.tab().reload();
    page.tab().untilShows("#sign-in", "Sign in");
    assertThat(page.draft()).isEqualTo("a draft of the first");

    enter(page.tab(), "psk_k2_somebody-else");

    page.tab().untilShows("#person", "psk_k2_somebody-else");
    assertThat(page.draft()).isEmpty();
    assertThat(page.tab().text("JSON.stringify({...localStorage})")).doesNotContain("draft of");
  }

  @Test
  void saysOnceThatSigningInDidNotWork() {
    gateway.requireKey(KEY);
    var tab = browser.tab();

    tab.open(gateway.address() + "?sign_in=failed");

    tab.untilShows("#sign-in", "Signing in did not work.");
    assertThat(tab.text("location.search")).isEmpty();
  }

  /** CP-44, CP-45: named, reached by keyboard, inside a narrow window. */
  @Test
  void isReachedByKeyboardAndNamesItsControls() {
    gateway.requireKey(KEY);
    var tab = browser.tab();
    tab.open(gateway.address());
    tab.size(320, 640);
    tab.untilShows("#sign-in", "Sign in");

    assertThat(tab.controls())
        .contains(
            "heading \"Sign in\"",
            "link \"Sign in with Zoo ID\"",
            "textbox \"Or with an API key\"",
            "button \"Sign in\"");
    assertThat(tab.evaluate("document.documentElement.scrollWidth <= 320")).isEqualTo(true);
    tab.evaluate("document.querySelector('#provider').focus()");
    tab.press(Key.TAB);
    assertThat(tab.text("document.activeElement.id")).isEqualTo("api-key");
    tab.type(KEY);
    tab.press(Key.ENTER);
    tab.until("document.querySelector('#sign-in').hidden");
  }

  private static Conversation signedIn() {
    var tab = browser.tab();
    tab.open(gateway.address());
    tab.untilShows("#sign-in", "Sign in");
    enter(tab, KEY);
    tab.until("document.querySelector('#model').options.length > 1");
    return new Conversation(tab);
  }

  private static void enter(Tab tab, String key) {
    tab.evaluate("document.querySelector('#api-key').value = ''");
    tab.evaluate("document.querySelector('#api-key').focus()");
    tab.type(key);
    tab.click("#sign-in button");
  }
}
