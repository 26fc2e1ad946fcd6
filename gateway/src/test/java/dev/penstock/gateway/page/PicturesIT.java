package dev.penstock.gateway.page;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.browser.Tab;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A picture of each state, in {@code target/screenshots}, for a person to look at. */
class PicturesIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  private static void take(Tab tab, String name) {
    tab.screenshot(Browser.screenshots().resolve(name + ".png"));
  }

  /** Waits until nothing fades or slides any more. */
  private static void settled(Tab tab) {
    tab.until(
        "document.getAnimations().every((one) => one.effect.getTiming().iterations === Infinity)");
  }

  @Test
  void ofAConversation() {
    gateway.seed("Feeding times, opening hours and everything else about the zoo", 1);
    gateway.seed("A haiku about rivers", 1);
    gateway.seed("Why is the sky blue?", 1);
    var page = Conversation.open(browser.tab(), gateway.address());
    var tab = page.tab();
    tab.until("document.querySelectorAll('#sessions li').length === 3");
    take(tab, "empty");

    gateway.next(Script.answer(MarkdownIT.ALL_KINDS));
    page.send("What do red pandas eat?\n  And why?").untilState("completed");
    take(tab, "answered-light");
    tab.prefers("prefers-color-scheme", "dark");
    tab.evaluate("document.querySelector('#scroller').scrollTop = 0");
    take(tab, "answered-dark");
    tab.prefers("prefers-color-scheme", "light");

    gateway.next(Script.answer(Script.counted(120)).heldAfter(60));
    page.send("Count for me, please").untilAnswer("n40");
    tab.click("#toggle-settings");
    take(tab, "streaming-with-settings");
    tab.press(Key.ESCAPE);
    tab.press(Key.ESCAPE);
    page.untilState("cancelled");
    take(tab, "stopped");
  }

  @Test
  void ofWaitingAndFailing() {
    var page = Conversation.open(browser.tab(), gateway.address());
    var tab = page.tab();
    gateway.next(Script.answer("At last.").queued("slots", 3, 12_000));
    page.send("Is anybody there?").untilState("queued");
    take(tab, "queued");
    gateway.release();
    page.untilState("completed");

    gateway.next(Script.answer("Bamboo, mostly. And").failing("upstream_truncated"));
    page.send("What do red pandas eat?").untilState("failed");
    take(tab, "failed-with-text");
    gateway.refuseNext(503, "no_capacity", 7_000);
    page.send("Once more").untilStatus("Busy");
    take(tab, "busy");
    tab.click("#status button:last-of-type");
    page.untilState("unsent");
    take(tab, "not-sent");
    tab.prefers("prefers-color-scheme", "dark");
    take(tab, "not-sent-dark");

    gateway.next(Script.answer(Script.counted(120)).heldAfter(60));
    page.choose("Try again");
    page.untilAnswer("n40");
    gateway.unreachable(true);
    gateway.cutStreams();
    page.untilStatus("Reconnecting…");
    take(tab, "reconnecting-dark");
    gateway.unreachable(false);
  }

  @Test
  void ofAPhone() {
    gateway.seed("A haiku about rivers", 1);
    var tab = browser.tab();
    tab.size(360, 740);
    var page = Conversation.open(tab, gateway.address());
    take(tab, "narrow-empty");
    gateway.next(Script.answer(MarkdownIT.ALL_KINDS).heldAfter(150));
    page.send("What do red pandas eat?").untilAnswer("Himalayan");
    take(tab, "narrow-streaming");
    gateway.release();
    page.untilState("completed");
    take(tab, "narrow-answered");
    tab.click("#toggle-settings");
    take(tab, "narrow-settings");
    tab.press(Key.ESCAPE);
    tab.click("#toggle-sidebar");
    settled(tab);
    take(tab, "narrow-chats");
    tab.click("[data-session='%s']".formatted(page.sessionId()));
    settled(tab);
    tab.evaluate("document.querySelector('[aria-label^=Delete]').click()");
    take(tab, "narrow-delete");
  }

  @Test
  void ofAChatThatIsGone() {
    var page =
        Conversation.open(browser.tab(), gateway.address("0199c1e2-0000-7000-8000-000000000000"));
    page.tab().untilShows("#transcript", "This chat was deleted");
    take(page.tab(), "gone");
  }
}
