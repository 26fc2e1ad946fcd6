package dev.penstock.simulator.answer;

import static dev.penstock.simulator.answer.PromptMessage.assistant;
import static dev.penstock.simulator.answer.PromptMessage.system;
import static dev.penstock.simulator.answer.PromptMessage.user;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulatedAnswerTest {
  /** Conversations of every kind the composer tells apart. */
  static Stream<List<PromptMessage>> conversations() {
    return Stream.concat(
        Stream.of(
            List.of(user("Hello")),
            List.of(system("Be brief."), user("What is a penstock? Make a list.")),
            List.of(user("some code, please"), assistant("Here."), user("And now?")),
            List.of(user("[tokens=500] go on")),
            List.of(user("[say] Grüße, <b>&</b> 😀👩‍👩‍👧 end")),
            List.of(user("")),
            List.of(system("Only an instruction"))),
        IntStream.range(0, 40).mapToObj(i -> List.of(user("question " + i))));
  }

  @Test
  void saysTheSameToTheSameConversation() {
    var one = SimulatedAnswer.of(List.of(system("a"), user("b")), 7);
    var other = SimulatedAnswer.of(List.of(system("a"), user("b")), 7);

    assertThat(one.tokens()).isEqualTo(other.tokens());
  }

  /** A change of the text breaks whoever kept an answer; it is then meant. */
  @Test
  void saysTheSameOnEveryMachine() throws Exception {
    var text = SimulatedAnswer.to("[tokens=2000] Hello").text();

    var sha = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    assertThat(HexFormat.of().formatHex(sha, 0, 8)).isEqualTo("4ba3e774b620ea5a");
  }

  @Test
  void saysSomethingElseIfAnythingInTheConversationDiffers() {
    var texts =
        Stream.of(
                SimulatedAnswer.of(List.of(user("ab"), assistant("c"), user("d")), 0),
                SimulatedAnswer.of(List.of(user("a"), assistant("bc"), user("d")), 0),
                SimulatedAnswer.of(List.of(user("ab"), user("c"), user("d")), 0),
                SimulatedAnswer.of(List.of(user("ab"), assistant("c"), user("d")), 1),
                SimulatedAnswer.of(List.of(system("x"), user("ab"), assistant("c"), user("d")), 0))
            .map(SimulatedAnswer::text)
            .toList();

    assertThat(texts).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void itsTokensPutTogetherAreItsText(List<PromptMessage> conversation) {
    var answer = SimulatedAnswer.of(conversation, 0);

    var joined = new StringBuilder();
    for (var k = 0; k < answer.length(); k++) {
      joined.append(answer.token(k));
    }
    assertThat(joined.toString()).isEqualTo(answer.text());
    assertThat(answer.tokens()).noneMatch(String::isEmpty).allMatch(SimulatedAnswerTest::isText);
  }

  /** T-24: what was said plus the continuation is the uninterrupted answer, wherever it was cut. */
  @ParameterizedTest
  @MethodSource("conversations")
  void goesOnExactlyWhereTheBeginningEnds(List<PromptMessage> conversation) {
    var whole = SimulatedAnswer.of(conversation, 3);

    for (var cut = 0; cut <= whole.length(); cut++) {
      var rest = SimulatedAnswer.continuing(with(conversation, whole.text(cut)), 3);
      assertThat(rest.tokens()).isEqualTo(whole.tokens().subList(cut, whole.length()));
    }
  }

  @Test
  void goesOnInsideATokenToo() {
    var conversation = List.of(user("Hello"));
    var whole = SimulatedAnswer.of(conversation, 0).text();

    for (var cut = 0; cut <= whole.length(); cut++) {
      var begun = whole.substring(0, cut);
      assertThat(begun + SimulatedAnswer.continuing(with(conversation, begun), 0).text())
          .isEqualTo(whole);
    }
  }

  @Test
  void saysSoWhenTheBeginningLostOrRepeatedSomething() {
    var conversation = List.of(user("Hello"));
    var whole = SimulatedAnswer.of(conversation, 0);
    var lost = whole.text(5) + whole.token(6);
    var repeated = whole.text(5) + whole.token(4);

    for (var begun : List.of(lost, repeated)) {
      assertThat(SimulatedAnswer.continuing(with(conversation, begun), 0).text())
          .contains("not how this simulated answer began");
    }
  }

  @Test
  void startsANewAnswerWhereTheModelDoesNotContinue() {
    var begun = List.of(user("Hello"), assistant("You wrote"));

    assertThat(SimulatedAnswer.of(begun, 0).text())
        .isNotEqualTo(SimulatedAnswer.continuing(begun, 0).text())
        .contains("second");
  }

  @Test
  void hasExactlyTheTokensAskedFor() {
    for (var count : new int[] {0, 1, 2, 37, 500, 20_000}) {
      assertThat(SimulatedAnswer.to("x [tokens=" + count + "] y").length()).isEqualTo(count);
    }
    assertThat(SimulatedAnswer.to("[tokens=3] [say] one two three four five").text())
        .isEqualTo("one two three");
  }

  @Test
  void saysWhatItIsToldTo() {
    assertThat(SimulatedAnswer.to("please [say] **bold** <script>[tokens=1]").text())
        .isEqualTo("**bold** <script>[tokens=1]");
  }

  @Test
  void heedsTheDirectivesOfTheLastUserMessageAlone() {
    var messages = List.of(user("[tokens=5]"), assistant("[tokens=6]"), user("and [rate=99]"));

    assertThat(Directives.of(messages).tokens()).isEmpty();
    assertThat(Directives.of(messages).rate()).hasValue(99);
    assertThat(Directives.of(List.of(user("[tokens=999999]"))).tokens()).isEmpty();
    assertThat(Directives.of(List.of(user("[rate=0]"))).rate()).isEmpty();
  }

  @Test
  void isReadableAndSaysThatItIsSimulated() {
    conversations()
        .filter(conversation -> !conversation.getLast().content().contains("["))
        .map(conversation -> SimulatedAnswer.of(conversation, 0))
        .forEach(
            answer -> {
              assertThat(answer.text()).containsIgnoringCase("simulat");
              assertThat(answer.length()).isBetween(60, 600);
            });
  }

  @Test
  void quotesTheQuestionWithoutItsMarkup() {
    assertThat(SimulatedAnswer.to("# Is <b>this</b> *bold*?").text())
        .contains("“Is this bold ?”")
        .doesNotContain("<b>");
  }

  private static List<PromptMessage> with(List<PromptMessage> conversation, String begun) {
    var messages = new ArrayList<>(conversation);
    messages.add(assistant(begun));
    return messages;
  }

  /** Whether it is valid text of its own, without half a surrogate pair. */
  private static boolean isText(String token) {
    return new String(token.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8).equals(token);
  }
}
