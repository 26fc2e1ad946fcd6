package dev.penstock.gateway.page;

import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.browser.Tab;

/** What a person does and sees on the page; the page's selectors live here. */
public record Conversation(Tab tab) {

  public static Conversation open(Tab tab, String address) {
    tab.open(address);
    tab.until("document.querySelector('#model').options.length > 1");
    return new Conversation(tab);
  }

  /** Types and presses Enter. */
  public Conversation send(String text) {
    tab.evaluate("document.querySelector('#message').focus()");
    tab.type(text);
    tab.press(Key.ENTER);
    return this;
  }

  /** Waits until the last turn is in that state (entry.js). */
  public Conversation untilState(String state) {
    tab.until("document.querySelector('.turn:last-of-type')?.dataset.state === '" + state + "'");
    return this;
  }

  /** Waits until the last answer holds the text. */
  public Conversation untilAnswer(String text) {
    tab.until(
        "(document.querySelector('.turn:last-of-type .text')?.innerText ?? '').includes(%s)"
            .formatted(Tab.quoted(text)));
    return this;
  }

  public Conversation untilStatus(String text) {
    tab.untilShows("#status", text);
    return this;
  }

  /** The words of the last answer, each separated by one space. */
  public String answer() {
    return tab.text("document.querySelector('.turn:last-of-type .text')?.textContent ?? ''");
  }

  /** The last answer's paragraphs as they were written. */
  public String answerParagraphs() {
    return tab.text(
        "[...document.querySelectorAll('.turn:last-of-type .text > p')].map((p) => p.textContent).join('\\n\\n')");
  }

  public String draft() {
    return tab.text("document.querySelector('#message').value");
  }

  public String status() {
    return tab.text("document.querySelector('#status').innerText");
  }

  public int turns() {
    return (Integer) tab.evaluate("document.querySelectorAll('.turn').length");
  }

  /** The value of {@code ?session=} in the address. */
  public String sessionId() {
    return tab.text("new URLSearchParams(location.search).get('session') ?? ''");
  }

  /** Presses the button in the last turn that shows the label. */
  public void choose(String label) {
    tab.evaluate(
        """
        [...document.querySelectorAll('.turn:last-of-type button')]
          .filter((button) => button.checkVisibility() && button.innerText.trim() === %s)
          .at(-1).click()"""
            .formatted(Tab.quoted(label)));
  }

  public boolean offers(String label) {
    return (Boolean)
        tab.evaluate(
            """
            [...document.querySelectorAll('.turn:last-of-type button')]
              .some((button) => button.checkVisibility() && button.innerText.trim() === %s)"""
                .formatted(Tab.quoted(label)));
  }
}
