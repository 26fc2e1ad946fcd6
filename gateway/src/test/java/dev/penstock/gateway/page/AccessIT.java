package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** By keyboard, by ear, on small screens, under the policy. */
class AccessIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  /** CP-44. */
  @Test
  void namesEveryControlAndMarksTheRegions() {
    gateway.seed("Older chat", 1);
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("A\n\n```js\nlet x;\n```\n\n| a |\n|-|\n| b |"));
    page.send("Name yourself").untilState("completed");
    page.tab().click("#toggle-settings");

    var controls = page.tab().controls();

    assertThat(controls)
        .noneMatch(control -> control.endsWith(" \"\"") && !control.startsWith("main"));
    assertThat(controls)
        .contains(
            "navigation \"Chats\"",
            "textbox \"Message\"",
            "combobox \"Model\"",
            "combobox \"Persona\"",
            "slider \"Temperature\"",
            "heading \"You\"",
            "heading \"Assistant gemma3:270m\"",
            "button \"Copy js\"",
            "button \"Send\"");
    assertThat(page.tab().evaluate("document.querySelectorAll('h1').length")).isEqualTo(1);
    assertThat(page.tab().evaluate("document.querySelectorAll('main').length")).isEqualTo(1);
  }

  /** CP-41, CP-42: news in short, never the deltas. */
  @Test
  void tellsByEarWhatHappens() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer("One two three four").heldAfter(1));
    page.send("Count").untilState("streaming");
    assertThat(page.tab().text("document.querySelector('#said').textContent"))
        .isEqualTo("Answering");
    gateway.release();
    page.untilState("completed");
    page.tab().until("document.querySelector('#said').textContent === 'Answer complete, 4 words'");
    assertThat(
            page.tab()
                .evaluate(
                    "document.querySelector('#transcript').closest('[aria-live], [role=log], [role=status]') === null"))
        .isEqualTo(true);

    gateway.next(Script.answer("").failing("upstream_timeout"));
    page.send("Fail").untilState("failed");
    page.tab()
        .until(
            "document.querySelector('#alarm').textContent === 'The model did not answer in time.'");
  }

  /** CP-43. */
  @Test
  void leavesTheFocusInTheMessageField() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().type("by mouse");

    page.tab().click("#send");

    page.untilState("completed");
    assertThat(page.tab().text("document.activeElement.id")).isEqualTo("message");
  }

  @Test
  void reachesEverythingByKeyboard() {
    gateway.seed("Older chat", 1);
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().press(Key.SLASH, Key.Modifier.CONTROL);
    page.tab().untilShows("dialog", "Ctrl+Shift+O");
    page.tab().press(Key.ESCAPE);
    page.tab().until("document.querySelector('dialog') === null");
    page.send("Hello").untilState("completed");

    page.tab().press(Key.O, Key.Modifier.CONTROL, Key.Modifier.SHIFT);

    page.tab().untilShows("#title", "New chat");
    page.tab().evaluate("document.querySelector('.skip').focus()");
    page.tab().press(Key.TAB);
    assertThat(page.tab().text("document.activeElement.id")).isEqualTo("new-chat");
    page.tab().evaluate("document.querySelector('.skip').focus()");
    page.tab().press(Key.ENTER);
    assertThat(page.tab().text("document.activeElement.id")).isEqualTo("message");
  }

  /** CP-45: nothing beside the window at 320 px. */
  @Test
  void fitsANarrowWindow() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().size(320, 640);
    gateway.next(Script.answer(MarkdownIT.ALL_KINDS));

    page.send("W".repeat(400)).untilState("completed");

    assertThat(page.tab().evaluate("document.documentElement.scrollWidth <= 320")).isEqualTo(true);
    assertThat(page.tab().evaluate("document.querySelector('#scroller').scrollWidth <= 320"))
        .isEqualTo(true);
  }

  /**
   * CP-53: an injected script, style, image or markup does not get through; the reports are awaited
   * here.
   */
  @Test
  void runsUnderThePolicy() {
    var tab = browser.tab();
    tab.open(gateway.address());

    var blocked =
        tab.text(
            """
            (async () => {
              const seen = [];
              document.addEventListener('securitypolicyviolation', (event) => { seen.push(event.effectiveDirective); event.stopImmediatePropagation(); }, true);
              const image = new Image();
              image.src = 'https://images.example.org/panda.png';
              const style = document.createElement('style');
              style.textContent = 'body { display: none }';
              document.head.append(style);
              try { document.body.innerHTML = '<b>raw</b>'; seen.push('innerHTML let through'); } catch (refused) {}
              while (seen.length < 3) await new Promise((again) => setTimeout(again, 10));
              return seen.sort().join(' ');
            })()""");

    assertThat(blocked).isEqualTo("img-src require-trusted-types-for style-src-elem");
    tab.forgive("CSP", "Content Security Policy", "TrustedHTML");
  }

  /** CP-47: light and dark by the system's wish. */
  @Test
  void followsTheSystemsColours() {
    var tab = browser.tab();
    tab.open(gateway.address());
    var background = "getComputedStyle(document.body).backgroundColor";
    tab.prefers("prefers-color-scheme", "light");
    var light = tab.text(background);

    tab.prefers("prefers-color-scheme", "dark");

    assertThat(tab.text(background)).isNotEqualTo(light);
  }
}
