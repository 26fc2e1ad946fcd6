package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Key;
import dev.penstock.gateway.page.browser.Tab;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A person at ADK Web, as its artifact holds it, before the real services (adk-api.md section 10).
 */
class AdkWebIT {
  @RegisterExtension static final Browser browser = new Browser();

  private static final String SESSIONS = "/apps/production_agent/users/user/sessions";
  private static final String TEXT = "Owls fly by night, and by day they sleep in old trees.";
  private static final String NAME = "/0/state/__session_metadata__/displayName";
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final String ANSWER = ".role-bot";

  private static final String WATCH =
      """
      window.lengths = new Set();
      new MutationObserver(() => lengths.add(document.querySelector('.role-bot')?.innerText.length))
        .observe(document.body, {subtree: true, childList: true, characterData: true});
      0""";

  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.ONE_OF_EACH);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aPersonChatsComesBackRenamesAndDeletes() {
    var page = open();
    page.evaluate(WATCH);

    say(page, "[rate=10] [say] " + TEXT);
    page.untilShows(ANSWER, TEXT);
    assertThat((Integer) page.evaluate("lengths.size")).as("streamed").isGreaterThan(2);
    assertThat(page.text("document.querySelectorAll('.role-bot').length")).isEqualTo("1");
    assertThat(page.text("document.querySelector('.role-bot').innerText").strip()).isEqualTo(TEXT);

    page.reload();
    page.untilShows(ANSWER, TEXT);
    page.untilShows(".role-user", TEXT);
    page.screenshot(Browser.screenshots().resolve("adk-web.png"));

    page.click("[mattooltip='Select a session']");
    page.untilShows(".session-item .session-id", "[rate=10]");
    rename(page, "Night birds");
    page.untilShows("[mattooltip='Select a session']", "Night birds");
    await().atMost(LIMIT).until(() -> sessions().at(NAME).asText().equals("Night birds"));

    page.reload();
    page.click("[mattooltip='Select a session']");
    page.untilShows(".session-item .session-id", "Night birds");
    page.evaluate("document.querySelector('.session-item .delete-btn').click()"); // shown on hover
    page.click("mat-dialog-actions button:last-child");
    await().atMost(LIMIT).until(() -> sessions().isEmpty());
    page.forgive("fonts.g");
  }

  private static Tab open() {
    var page = browser.tab();
    page.size(1500, 900);
    page.open(cluster.gateway(0) + "/dev-ui");
    page.evaluate("localStorage.setItem('adk-use-sse', 'true')");
    page.reload();
    page.until("document.querySelector('textarea.chat-input-box') != null");
    return page;
  }

  private static void say(Tab page, String text) {
    page.evaluate("document.querySelector('textarea.chat-input-box').focus()");
    page.type(text);
    page.press(Key.ENTER);
  }

  private static void rename(Tab page, String name) {
    page.click(".session-selector-current-id-row button[aria-label=Edit]");
    page.until("document.querySelector('.inline-edit-input:not(.readonly)') != null");
    page.evaluate("document.querySelector('.inline-edit-input').select()");
    page.type(name);
    page.press(Key.ENTER);
  }

  private static JsonNode sessions() {
    return cluster.client(0).get(SESSIONS).json();
  }
}
