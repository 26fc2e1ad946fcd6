package dev.penstock.gateway.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.gateway.page.browser.Browser;
import dev.penstock.gateway.page.browser.Tab;
import dev.penstock.gateway.page.fake.FakeGateway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The page's own reader of event streams (CP-16, sse.md 8), fed with bytes in a real browser. */
class StreamReadingIT {
  @RegisterExtension static final FakeGateway gateway = new FakeGateway();
  @RegisterExtension static final Browser browser = new Browser();

  private static String inPage(String script) {
    var tab = browser.tab();
    tab.open(gateway.address());
    return tab.text("(async () => {" + script + "})()");
  }

  @Test
  void readsTheSameEventsWhereverTheBytesAreCut() {
    var wire =
        "\uFEFF: comment\nretry: 2000\r\nid: t.1.0\r\nevent: delta\r\ndata: Grüße 🐼\r\n\r\n"
            + ":\n"
            + "id: bad\0id\ndata:no space\ndata:  two\n\n"
            + "event: empty\n\n"
            + "unknown: x\ndata\n\n"
            + "id: t.1.2\rdata: cr only\r\r"
            + "data: unfinished";

    var events =
        inPage(
            """
            const {readEvents} = await import('/assets/modules/page.js').then((page) => page.modules['sse.js']);
            const bytes = new TextEncoder().encode(%s);
            const read = async (...cuts) => {
              const body = new ReadableStream({ start(stream) {
                let from = 0;
                for (const to of [...cuts, bytes.length]) stream.enqueue(bytes.slice(from, from = to));
                stream.close();
              }});
              const events = [];
              for await (const event of readEvents(body, 1000)) events.push(event);
              return JSON.stringify(events);
            };
            const whole = await read();
            for (let cut = 0; cut <= bytes.length; cut++) {
              const found = await read(cut);
              if (found !== whole) return `cut at ${cut}: ${found}`;
            }
            return whole;"""
                .formatted(Tab.quoted(wire)));

    assertThat(events)
        .isEqualTo(
            """
            [{"name":"delta","data":"Grüße 🐼","id":"t.1.0"},\
            {"name":"message","data":"no space\\n two","id":null},\
            {"name":"message","data":"","id":null},\
            {"name":"message","data":"cr only","id":"t.1.2"}]""");
  }

  /**
   * CP-21: keep-alives come every 5 s, so 15 s without a byte is a lost connection; here in small.
   */
  @Test
  void takesASilentStreamForLost() {
    var outcome =
        inPage(
            """
            const {readEvents} = await import('/assets/modules/page.js').then((page) => page.modules['sse.js']);
            const body = new ReadableStream({ start(stream) { stream.enqueue(new TextEncoder().encode(':\\n')); } });
            try {
              for await (const event of readEvents(body, 50)) {}
              return 'ended';
            } catch (cause) {
              return cause.message;
            }""");

    assertThat(outcome).isEqualTo("the stream is silent");
  }

  /** CP-16. */
  @Test
  void ignoresWhatItHasSeenAndAppliesSnapshots() {
    var seen =
        inPage(
            """
            const {followTurn} = await import('/assets/modules/page.js').then((page) => page.modules['turn-stream.js']);
            const event = (seq, name, data) => `id: t.1.${seq}\\nevent: ${name}\\ndata: ${JSON.stringify(data)}\\n\\n`;
            const wire = event(0, 'turn.accepted', {turn_id: 't'}) + event(1, 'delta', {text: 'a'}) + event(1, 'delta', {text: 'a'})
              + event(2, 'delta', {text: 'b'}) + event(0, 'turn.accepted', {turn_id: 't'}) + event(1, 'snapshot', {text: 'A'})
              + event(2, 'delta', {text: 'B'}) + event(3, 'turn.completed', {}) + event(4, 'delta', {text: 'never'});
            const seen = [];
            await followTurn({
              begin: async () => new Response(wire, {headers: {'X-Turn-Id': 't'}}),
              signal: new AbortController().signal,
              patience: new EventTarget(),
              on: { live() {}, lost(why) { seen.push(why); }, busy() {}, event: (name, data) => seen.push(data.text ?? name) },
            });
            return seen.join(' ');""");

    assertThat(seen).isEqualTo("turn.accepted a b A B turn.completed");
  }

  /** CP-21: 0.5, 1, 2, 4, then every 8 s, give or take a fifth. */
  @Test
  void waitsLongerFromAttemptToAttempt() {
    var waits =
        inPage(
            """
            const {Backoff} = await import('/assets/modules/page.js').then((page) => page.modules['waiting.js']);
            const backoff = new Backoff();
            const expected = [500, 1000, 2000, 4000, 8000, 8000];
            const off = expected.map((wait) => backoff.next() / wait).filter((part) => part < 0.8 || part > 1.2);
            backoff.reset();
            return off.length === 0 && backoff.next() <= 600;""");

    assertThat(waits).isEqualTo("true");
  }
}
