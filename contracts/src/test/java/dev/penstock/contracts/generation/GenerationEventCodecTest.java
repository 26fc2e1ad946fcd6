package dev.penstock.contracts.generation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.GenerationEvent.Called;
import dev.penstock.contracts.generation.GenerationEvent.Delta;
import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationEvent.Scored;
import dev.penstock.contracts.generation.GenerationEvent.Started;
import dev.penstock.contracts.generation.GenerationEvent.Thought;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.contracts.sse.SseReader;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GenerationEventCodecTest {
  private static final List<GenerationEvent> EVENTS =
      List.of(
          new Queued(new QueuePlace(QueueReason.LOADING, 3, 1200)),
          new Started("gpu-1", "gemma3:4b"),
          new Delta("Grüße, \"Welt\"\\ \r\n\t\u0001\u007f\u2028 🚢"),
          new Delta(" "),
          new Thought("Hm,\n\"well\""),
          new Scored(
              "Hi",
              List.of(
                  new TokenLogprob(
                      "Hi",
                      -0.25,
                      List.of(72, 105),
                      List.of(new TokenLogprob("Ho", -1.5, List.of(), List.of()))))),
          new Called(
              List.of(
                  new ToolCall("call_1", "lookup", "{\"city\":\"Oslo\",\"a\":[1]}"),
                  new ToolCall("call_2", "now", "{}"))),
          new Finished(
              FinishReason.LENGTH, new Usage(9, 3, true), new Timings(1L, null, 20L, 21L, 300L)),
          new Failed(Failure.retryAfter(FailureCode.QUEUE_FULL, "Come back later.", 2000)));

  @Test
  void writesTheAgreedShapes() {
    assertThat(written(EVENTS.get(0)))
        .isEqualTo(
            """
            event: queued
            data: {"place":{"reason":"loading","position":3,"expected_wait_ms":1200}}

            """);
    assertThat(written(EVENTS.get(1)))
        .isEqualTo(
            """
            event: started
            data: {"upstream":"gpu-1","model":"gemma3:4b"}

            """);
    var json = "{\"text\":\"Grüße, \\\"Welt\\\"\\\\ \\r\\n\\t\\u0001\u007f\u2028 🚢\"}";
    assertThat(written(EVENTS.get(2))).isEqualTo("event: delta\ndata: " + json + "\n\n");
    assertThat(written(EVENTS.get(4)))
        .isEqualTo("event: thought\ndata: {\"text\":\"Hm,\\n\\\"well\\\"\"}\n\n");
    assertThat(written(EVENTS.get(5)))
        .isEqualTo(
            """
            event: scored
            data: {"text":"Hi","logprobs":[{"token":"Hi","logprob":-0.25,"bytes":[72,105],\
            "top":[{"token":"Ho","logprob":-1.5}]}]}

            """);
    assertThat(written(EVENTS.get(6)))
        .isEqualTo(
            """
            event: called
            data: {"calls":[{"id":"call_1","name":"lookup",\
            "arguments":"{\\"city\\":\\"Oslo\\",\\"a\\":[1]}"},\
            {"id":"call_2","name":"now","arguments":"{}"}]}

            """);
    assertThat(written(EVENTS.get(7)))
        .isEqualTo(
            """
            event: finished
            data: {"reason":"length","usage":{"input_tokens":9,"output_tokens":3,"estimated":true},\
            "timings":{"queued_ms":1,"load_ms":null,"prefill_ms":20,"first_token_ms":21,"decode_ms":300}}

            """);
    assertThat(written(EVENTS.get(8)))
        .isEqualTo(
            """
            event: failed
            data: {"failure":{"code":"queue_full","detail":"Come back later.","retryable":true,\
            "retry_after_ms":2000}}

            """);
  }

  @Test
  void readsWhatItWroteWhereverTheBytesAreCut() {
    var wire = Buffer.buffer();
    EVENTS.forEach(event -> GenerationEventEncoder.append(wire, event));

    for (var cut = 0; cut <= wire.length(); cut++) {
      var events = new ArrayList<GenerationEvent>();
      var reader = new SseReader(event -> events.add(GenerationEventDecoder.decode(event)));
      reader.feed(wire.slice(0, cut));
      reader.feed(wire.slice(cut, wire.length()));
      assertThat(events).isEqualTo(EVENTS);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "delta|{\"text\":\"a\",\"later\":{\"text\":[1]}}|a",
        "delta|{\"later\":[{\"text\":\"x\"}],\"text\":\"a\"}|a",
        "delta| { \"text\" : \"\\u0041\" } |A",
      })
  void ignoresUnknownMembersOfADelta(String name, String data, String text) {
    assertThat(decoded(name, data)).isEqualTo(new Delta(text));
  }

  @Test
  void ignoresUnknownMembersOfOtherEvents() {
    assertThat(decoded("started", "{\"upstream\":\"u\",\"later\":1,\"model\":\"m\"}"))
        .isEqualTo(new Started("u", "m"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "message|{}",
        "Delta|{\"text\":\"a\"}",
        "delta|",
        "delta|{}",
        "delta|[]",
        "delta|{\"text\":1}",
        "delta|{\"text\":null}",
        "delta|{\"text\":\"a\"",
        "delta|{\"text\":\"a\"}}",
        "delta|{\"text\":\"a\"}{}",
        "thought|{}",
        "thought|{\"text\":[]}",
        "scored|{\"text\":\"a\"}",
        "scored|{\"logprobs\":[]}",
        "called|{}",
        "called|{\"calls\":[null]}",
        "called|{\"calls\":[{\"name\":\"f\",\"arguments\":\"{}\"}]}",
        "called|{\"calls\":[{\"id\":\"c\",\"name\":\"f\",\"arguments\":\"[]\"}]}",
        "called|{\"calls\":[{\"id\":\"c\",\"name\":\"f\"}]}",
        "queued|{}",
        "queued|{\"place\":{}}",
        "started|null",
        "started|{\"upstream\":\"u\"}",
        "started|{\"upstream\":\"u\",\"model\":\"m\"} x",
        "finished|{\"reason\":\"later\",\"usage\":{},\"timings\":{}}",
        "finished|{\"reason\":\"stop\"}",
        "failed|{\"failure\":{}}",
        "failed|nonsense",
      })
  void failsTheGenerationForWhatItCannotRead(String name, String data) {
    assertThat(decoded(name, data == null ? "" : data))
        .isInstanceOfSatisfying(
            Failed.class,
            failed -> {
              assertThat(failed.failure().code()).isEqualTo(FailureCode.UPSTREAM_PROTOCOL);
              assertThat(failed.failure().retryable()).isTrue();
            });
  }

  private static GenerationEvent decoded(String name, String data) {
    return GenerationEventDecoder.decode(new SseEvent(name, data, ""));
  }

  private static String written(GenerationEvent event) {
    return GenerationEventEncoder.append(Buffer.buffer(), event).toString();
  }
}
