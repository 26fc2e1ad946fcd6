package dev.penstock.gateway.answer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnsentTest {
  private final Unsent unsent = new Unsent();

  @Test
  void keepsTheOrderOfKindsAndJoinsTextThatFollowsText() {
    unsent.thought("Hm");
    unsent.thought("m.");
    unsent.text("The ");
    unsent.text("zoo");
    unsent.called(List.of(new ToolCall("call_1", "animals", "{}")));
    unsent.text(".");
    unsent.scored("!", List.of(new TokenLogprob("!", -0.5, List.of(), List.of())));

    assertThat(drained())
        .containsExactly("thought Hmm.", "text The zoo", "called animals", "text .", "scored !");
    assertThat(unsent.chars()).isZero();
  }

  @Test
  void cutsLongTextIntoWholeCharacters() {
    var text = "x".repeat(4095) + "🐼".repeat(3000);
    unsent.text(text);

    var pieces = drained();

    assertThat(pieces).hasSize(3).allMatch(piece -> piece.length() <= 4096 + "text ".length());
    assertThat(String.join("", pieces).replace("text ", "")).isEqualTo(text);
    assertThat(pieces)
        .noneMatch(piece -> Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
    assertThat(unsent.chars()).isZero();
  }

  @Test
  void weighsWhatIsNotText() {
    unsent.called(List.of(new ToolCall("call_1", "animals", "{\"name\":\"Gem\"}")));
    unsent.scored("", List.of(new TokenLogprob("!", -0.5, List.of(), List.of())));

    assertThat(unsent.chars()).isGreaterThan(70);
  }

  private List<String> drained() {
    var said = new ArrayList<String>();
    while (!unsent.isEmpty()) {
      unsent.writeNext(new Noted(said), Buffer.buffer());
    }
    return said;
  }

  private record Noted(List<String> said) implements StreamEncoder {
    @Override
    public void text(Buffer out, String piece) {
      said.add("text " + piece);
    }

    @Override
    public void thought(Buffer out, String piece) {
      said.add("thought " + piece);
    }

    @Override
    public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
      said.add("scored " + text);
    }

    @Override
    public void called(Buffer out, List<ToolCall> calls) {
      said.add("called " + calls.getFirst().name());
    }

    @Override
    public void head(HttpServerResponse response) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void finished(Buffer out, GenerationEvent.Finished end) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void failed(Buffer out, Failure failure) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Buffer keepAlive() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void refuse(HttpServerResponse response, Failure failure) {
      throw new UnsupportedOperationException();
    }
  }
}
