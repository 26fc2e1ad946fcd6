package dev.penstock.gateway.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.GatewayFixture;
import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.browser.Tab;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page at {@code /docs}, in a real browser. */
class DocumentationIT {
  @RegisterExtension private static final Browser BROWSER = new Browser();

  private static GatewayFixture gateway;
  private Tab tab;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @BeforeEach
  void open() {
    tab = BROWSER.tab();
    tab.size(1200, 900);
    tab.open(gateway.address() + "/docs");
    tab.until("document.querySelector('#createTurn') !== null");
  }

  @Test
  void showsEveryOperationAndEveryShapeOfTheDescription() {
    assertThat(
            tab.evaluate(
                """
                fetch('/openapi.json').then((it) => it.json()).then((api) => {
                  const operations = Object.values(api.paths).flatMap((path) =>
                    Object.values(path).map((each) => each.operationId).filter(Boolean));
                  const schemas = Object.keys(api.components.schemas).map((name) => `schema-${name}`);
                  return [...operations, ...schemas].filter((id) => !document.getElementById(id)).join();
                })"""))
        .isEqualTo("");
    assertThat(tab.text("document.querySelector('#createTurn').innerText"))
        .contains("POST", "/v1/sessions/{session}/turns", "Idempotency-Key", "TurnCreate");
  }

  @Test
  void leadsNowhereThatDoesNotExist() {
    assertThat(
            tab.evaluate(
                """
                [...document.querySelectorAll('a[href^="#"]')]
                  .map((link) => link.getAttribute('href').slice(1))
                  .filter((id) => !document.getElementById(id)).join()"""))
        .isEqualTo("");
  }

  @Test
  void loadsNothingFromElsewhere() {
    assertThat(tab.requests())
        .isNotEmpty()
        .allSatisfy(url -> assertThat(url).startsWith(gateway.address().toString()));
  }

  @Test
  void isUsableByKeyboard() {
    tab.press(Key.TAB);
    assertThat(tab.text("document.activeElement.className")).isEqualTo("skip");
    tab.press(Key.ENTER);
    tab.until("document.activeElement.id === 'operations'");

    tab.evaluate("document.querySelector('#createTurn summary').focus()");
    tab.press(Key.ENTER);
    tab.until("document.querySelector('#createTurn details').open");
  }

  @Test
  void isDarkInTheDark() {
    tab.prefers("prefers-color-scheme", "dark");
    assertThat(tab.text("getComputedStyle(document.body).backgroundColor"))
        .isEqualTo("rgb(21, 24, 28)");
    tab.screenshot(Browser.screenshots().resolve("docs-dark.png"));
  }

  @Test
  void fitsANarrowScreen() {
    tab.size(360, 740);
    assertThat(tab.evaluate("document.documentElement.scrollWidth <= 360")).isEqualTo(true);
  }
}
