package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.gateway.page.Conversation;
import dev.penstock.gateway.page.browser.Browser;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A person at the chat page, before the real services. The model says a text whose words name their
 * own place, at a speed that leaves time to step in.
 */
class PageIT {
  @RegisterExtension static final Browser browser = new Browser();

  private static final String TEXT = words(120);

  /** About three seconds' worth. */
  private static final String QUESTION = "[rate=40] [say] " + TEXT;

  private static final String WATCH =
      """
      window.lengths = new Set();
      new MutationObserver(() => lengths.add(document.querySelector('.turn .text')?.textContent.length))
        .observe(document.body, {subtree: true, childList: true, characterData: true});
      0""";

  private static Cluster cluster;
  private static FrontEnd front;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH);
    front = new FrontEnd(cluster::livingGateways);
  }

  @AfterAll
  static void stop() {
    front.close();
    cluster.close();
  }

  /** CP-15: that what is shown is what is stored is checked by the page itself, too. */
  @Test
  void streamsAnAnswerToItsEnd() {
    var page = Conversation.open(browser.tab(), front.address());
    page.tab().evaluate(WATCH);

    page.send(QUESTION).untilState("completed");

    assertThat((Integer) page.tab().evaluate("lengths.size")).isGreaterThan(5);
    assertThat(page.answerParagraphs()).isEqualTo(TEXT);
    assertThat(stored(page)).isEqualTo(TEXT);
  }

  /** CP-26 and T-34: the text stays, and no more is generated. */
  @Test
  void keepsTheTextOfAStoppedAnswer() {
    var page = Conversation.open(browser.tab(), front.address());
    var text = words(2000);
    page.send("[rate=40] [say] " + text).untilAnswer("n10");

    page.tab().click("#send");

    page.untilState("cancelled");
    assertThat(page.tab().text("document.querySelector('.how').innerText")).isEqualTo("Stopped");
    assertThat(page.answerParagraphs()).startsWith("n0 n1 n2").isEqualTo(stored(page).strip());
    assertThat(text).startsWith(stored(page));
  }

  /** CP-17, at two places of the same answer. */
  @Test
  void goesOnWhereItWasAfterAReload() {
    var page = Conversation.open(browser.tab(), front.address());
    page.send(QUESTION);

    for (var word : new String[] {"n5 ", "n40 "}) {
      page.untilAnswer(word);
      page.tab().reload();
      page.untilAnswer(word);
      assertThat(TEXT).startsWith(page.answerParagraphs());
    }

    page.untilState("completed");
    assertThat(page.answerParagraphs()).isEqualTo(TEXT);
    assertThat(page.turns()).isOne();
  }

  /** CP-18, CP-19: another tab here, and another device at another gateway. */
  @Test
  void showsTheSameInASecondTabAndOnASecondDevice() {
    var page = Conversation.open(browser.tab(), front.address());
    page.send(QUESTION).untilAnswer("n10");
    var session = "?session=" + page.sessionId();

    var tab = Conversation.open(browser.tabBeside(page.tab()), front.address() + session);
    var device = Conversation.open(browser.tab(), cluster.gateway(1) + "/" + session);
    tab.untilAnswer("n10");
    device.untilAnswer("n10");

    for (var each : new Conversation[] {page, tab, device}) {
      each.untilState("completed");
      assertThat(each.answerParagraphs()).isEqualTo(TEXT);
    }
  }

  /** CP-38, and the page that was open stays of use. */
  @Test
  void listsTheChatsAfterARestartOfAllServices() {
    var page = Conversation.open(browser.tab(), front.address());
    page.send("[tokens=12] Before the restart").untilState("completed");
    var answer = page.answer();

    cluster.restart();

    var later = Conversation.open(browser.tab(), front.address());
    var chat = "[data-session='%s']".formatted(page.sessionId());
    later.tab().untilShows(chat, "Before the restart");
    later.tab().click(chat);
    later.untilState("completed");
    assertThat(later.answer()).isEqualTo(answer);
    page.send("[tokens=5] And after it").untilState("completed");
    assertThat(page.turns()).isEqualTo(2);
  }

  /** T-23, CP-21 and CP-27: what was stored is shown, and can be gone on with, without a seam. */
  @Test
  void showsTheStoredPartOfAnAnswerWhoseOwnerWasKilled() {
    var page = Conversation.open(browser.tab(), front.address());
    var text = words(240);
    page.send("[rate=40] [say] " + text).untilAnswer("n10");

    cluster.killGateway(0);

    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> lastTurn(page).get("state").asText().equals("interrupted"));
    page.untilState("interrupted");
    assertThat(page.tab().text("document.querySelector('.how').innerText")).contains("Interrupted");
    assertThat(page.answerParagraphs()).startsWith("n0 n1 n2").isEqualTo(stored(page).strip());

    page.choose("Continue");
    page.untilState("completed");
    assertThat(page.answerParagraphs()).isEqualTo(text);
    cluster.restart();
  }

  private static String words(int count) {
    return IntStream.range(0, count).mapToObj(word -> "n" + word).collect(Collectors.joining(" "));
  }

  private static String stored(Conversation page) {
    return lastTurn(page).at("/output/text").asText();
  }

  private static JsonNode lastTurn(Conversation page) {
    return cluster
        .client(1)
        .get("/v1/sessions/" + page.sessionId() + "/turns?order=desc&limit=1")
        .json()
        .at("/data/0");
  }
}
