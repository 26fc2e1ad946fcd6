package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.fake.FakeGateway;
import io.vertx.core.json.JsonObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Model, persona and sliders. */
class SettingsIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  private static void choose(Conversation page, String select, String value) {
    page.tab()
        .evaluate(
            "{ const select = document.querySelector('%s'); select.value = '%s'; select.dispatchEvent(new Event('change')); }"
                .formatted(select, value));
  }

  private static void slide(Conversation page, String option, String value) {
    page.tab()
        .evaluate(
            "{ const slider = document.querySelector('#slider-%s'); slider.value = '%s'; slider.dispatchEvent(new Event('input')); }"
                .formatted(option, value));
  }

  /** CP-29: grouped, and what cannot serve can be seen but not chosen. */
  @Test
  void listsTheModelsThatCanBeChosen() {
    var page = Conversation.open(browser.tab(), gateway.address());

    assertThat(
            page.tab()
                .text(
                    "[...document.querySelectorAll('#model optgroup')].map((group) => group.label).join('|')"))
        .isEqualTo("Self-hosted|Gemini – leaves this installation");
    assertThat(page.tab().text("document.querySelector('#model').value")).isEqualTo("gemma3:270m");
    assertThat(page.tab().text("document.querySelector('#model option:disabled').innerText"))
        .isEqualTo("gemma3:27b (not available)");
  }

  /** CP-28: from the next turn on. */
  @Test
  void answersWithTheChosenModelAndPersona() {
    var page = Conversation.open(browser.tab(), gateway.address());
    choose(page, "#model", "gemma3:4b");
    choose(page, "#agent", "production_agent");
    page.send("Who are you?").untilState("completed");
    assertThat(gateway.newestTurn().getString("model")).isEqualTo("gemma3:4b");
    assertThat(page.tab().text("document.querySelector('.answer h2').innerText"))
        .contains("production_agent", "gemma3:4b");

    choose(page, "#model", "gemini-2.5-flash");
    page.send("And now?").untilState("completed");

    assertThat(gateway.newestTurn().getString("model")).isEqualTo("gemini-2.5-flash");
    assertThat(page.tab().text("document.querySelector('.answer h2').innerText"))
        .contains("gemma3:4b");
  }

  /** CP-30: a slider and its field are one value, and the session holds it. */
  @Test
  void keepsTheSlidersInTheSession() {
    var session = gateway.seed("Tuned", 1);
    var page = Conversation.open(browser.tab(), gateway.address(session));
    page.tab().click("#toggle-settings");
    assertThat(page.tab().text("document.querySelector('#option-temperature').placeholder"))
        .isEqualTo("default");

    slide(page, "temperature", "0.7");
    slide(page, "top_p", "0.9");
    page.tab()
        .evaluate(
            "{ const field = document.querySelector('#option-max_tokens'); field.value = '999999'; field.dispatchEvent(new Event('change')); }");

    assertThat(page.tab().text("document.querySelector('#option-temperature').value"))
        .isEqualTo("0.7");
    assertThat(page.tab().text("document.querySelector('#slider-max_tokens').value"))
        .isEqualTo("4096");
    page.tab()
        .until(
            "performance.getEntriesByType('resource').filter((entry) => entry.name.endsWith('%s')).length >= 2"
                .formatted(session));
    assertThat(gateway.newestSession().getJsonObject("options"))
        .isEqualTo(JsonObject.of("temperature", 0.7, "top_p", 0.9, "max_tokens", 4096));

    page.tab().click("#settings .offers button");
    page.send("Go").untilState("completed");
    assertThat(gateway.newestSession().getJsonObject("options")).isEqualTo(new JsonObject());
  }

  @Test
  void takesTheChoicesIntoANewChat() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().click("#toggle-settings");
    slide(page, "temperature", "1.5");

    page.send("Hot").untilState("completed");

    assertThat(gateway.newestSession().getJsonObject("options"))
        .isEqualTo(JsonObject.of("temperature", 1.5));
  }

  @Test
  void closesThePanelOnEscapeAndReturnsToTheMessage() {
    var page = Conversation.open(browser.tab(), gateway.address());
    page.tab().click("#toggle-settings");
    page.tab().until("!document.querySelector('#settings').hidden");
    assertThat(
            page.tab()
                .text("document.querySelector('#toggle-settings').getAttribute('aria-expanded')"))
        .isEqualTo("true");

    page.tab().press(Key.ESCAPE);

    page.tab().until("document.querySelector('#settings').hidden");
    assertThat(page.tab().text("document.activeElement.id")).isEqualTo("message");
  }
}
