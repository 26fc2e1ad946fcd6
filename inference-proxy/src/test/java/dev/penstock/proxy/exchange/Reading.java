package dev.penstock.proxy.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Reads bodies with a codec. What is heard is a list of texts, of {@code Thought}, {@code Scored}
 * and {@code Called}, and of the {@code Completion} or the failure's code.
 */
public record Reading(Function<AnswerListener, AnswerDecoder> codec) {
  /** What is heard of a body in one piece that then ends cleanly. */
  public List<Object> of(String body) {
    return of(body.getBytes(StandardCharsets.UTF_8));
  }

  /** What is heard of a body in one piece that then ends cleanly. */
  public List<Object> of(byte[] wire) {
    return of(wire, wire.length);
  }

  /** The same is heard whole, in two pieces cut at every byte, and byte by byte. */
  public void sayWhereverCut(String body, List<Object> expected) {
    var wire = body.getBytes(StandardCharsets.UTF_8);

    assertThat(of(wire)).as("in one piece").isEqualTo(expected);
    for (var cut = 0; cut <= wire.length; cut++) {
      assertThat(of(wire, cut)).as("cut at %d", cut).isEqualTo(expected);
    }
    assertThat(bytewise(wire)).as("byte by byte").isEqualTo(expected);
  }

  /** What is heard of a body of {@code pieces} equal pieces that does not end. */
  public List<Object> ofEndless(String piece, int pieces) {
    var heard = new ArrayList<Object>();
    var decoder = codec.apply(new Recorder(heard));
    for (var i = 0; i < pieces; i++) {
      decoder.feed(Buffer.buffer(piece));
    }
    return heard;
  }

  private List<Object> of(byte[] wire, int cut) {
    var heard = new ArrayList<Object>();
    var decoder = codec.apply(new Recorder(heard));
    decoder.feed(Buffer.buffer(wire).getBuffer(0, cut));
    decoder.feed(Buffer.buffer(wire).getBuffer(cut, wire.length));
    decoder.end();
    return heard;
  }

  private List<Object> bytewise(byte[] wire) {
    var heard = new ArrayList<Object>();
    var decoder = codec.apply(new Recorder(heard));
    for (var b : wire) {
      decoder.feed(Buffer.buffer(new byte[] {b}));
    }
    decoder.end();
    return heard;
  }

  private record Recorder(List<Object> heardSoFar) implements AnswerListener {
    @Override
    public void delta(String text) {
      heardSoFar.add(text);
    }

    @Override
    public void thought(String text) {
      heardSoFar.add(new Thought(text));
    }

    @Override
    public void scored(String text, List<TokenLogprob> logprobs) {
      heardSoFar.add(new Scored(text, logprobs));
    }

    @Override
    public void called(List<ToolCall> calls) {
      heardSoFar.add(new Called(calls));
    }

    @Override
    public void heard() {}

    @Override
    public void finished(Completion completion) {
      heardSoFar.add(completion);
    }

    @Override
    public void broke(Setback setback) {
      heardSoFar.add(setback.failure().code());
    }
  }
}
