package dev.penstock.gateway.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.ollama.FrameEncoder.Said;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Frames to the letter of ollama-api.md sections 4.1 and 5. */
class FrameEncoderTest {
  private static final Instant AT = Instant.parse("2026-03-02T10:11:12.123456789Z");
  private static final Metrics METRICS =
      new Metrics(1_500_123_456L, 9_100_200, 41, 120_400_000, 58, 1_290_000_000);

  private final FrameEncoder chat = FrameEncoder.ofChat("gemma3:4b");
  private final FrameEncoder generate = FrameEncoder.ofGenerate("gemma3:1b");

  @Test
  void writesATokenOfAChat() {
    assertThat(written(out -> chat.text(out, AT, " north")))
        .isEqualTo(
            "{\"model\":\"gemma3:4b\",\"created_at\":\"2026-03-02T10:11:12.123456789Z\","
                + "\"message\":{\"role\":\"assistant\",\"content\":\" north\"},\"done\":false}\n");
  }

  @Test
  void writesTheLastFrameOfAChat() {
    var at = Instant.parse("2026-03-02T10:11:13.5Z");

    assertThat(written(out -> chat.last(out, at, Said.NOTHING, "stop", new int[0], METRICS)))
        .isEqualTo(
            "{\"model\":\"gemma3:4b\",\"created_at\":\"2026-03-02T10:11:13.5Z\","
                + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"done\":true,"
                + "\"done_reason\":\"stop\",\"total_duration\":1500123456,\"load_duration\":9100200,"
                + "\"prompt_eval_count\":41,\"prompt_eval_duration\":120400000,\"eval_count\":58,"
                + "\"eval_duration\":1290000000}");
  }

  @Test
  void writesTheFramesOfAGeneration() {
    assertThat(written(out -> generate.text(out, AT, "Blue")))
        .endsWith("Z\",\"response\":\"Blue\",\"done\":false}\n");
    assertThat(
            written(
                out ->
                    generate.last(
                        out, AT, Said.NOTHING, "stop", new int[] {2, 105, 2364}, METRICS)))
        .endsWith(
            "Z\",\"response\":\"\",\"done\":true,\"done_reason\":\"stop\","
                + "\"context\":[2,105,2364],\"total_duration\":1500123456,\"load_duration\":9100200,"
                + "\"prompt_eval_count\":41,\"prompt_eval_duration\":120400000,\"eval_count\":58,"
                + "\"eval_duration\":1290000000}");
  }

  @Test
  void leavesOutWhatIsZero() {
    assertThat(written(out -> chat.last(out, AT, Said.NOTHING, "load", new int[0], Metrics.NONE)))
        .endsWith("\"done\":true,\"done_reason\":\"load\"}");
  }

  @Test
  void putsThoughtsBesideAnEmptyText() {
    var thought = new Said("", "Hm", List.of(), List.of());

    assertThat(written(out -> chat.said(out, AT, thought)))
        .contains("\"message\":{\"role\":\"assistant\",\"content\":\"\",\"thinking\":\"Hm\"}");
    assertThat(written(out -> generate.said(out, AT, thought)))
        .contains("\"response\":\"\",\"thinking\":\"Hm\",\"done\":false}");
  }

  @Test
  void numbersCallsOverTheWholeAnswerAndKeepsEachOnItsLine() {
    var oslo = new ToolCall("call_1", "lookup", "{\n  \"city\": \"Oslo\"\n}");
    var rome = new ToolCall("call_2", "lookup", "{\"city\":\"Rome\"}");

    var lines =
        written(
            out -> {
              chat.said(out, AT, new Said("", "", List.of(oslo), List.of()));
              chat.said(out, AT, new Said("", "", List.of(rome), List.of()));
            });

    assertThat(lines.lines())
        .satisfiesExactly(
            first ->
                assertThat(first)
                    .contains(
                        "\"content\":\"\",\"tool_calls\":[{\"id\":\"call_1\",\"function\":{\"index\":0,"
                            + "\"name\":\"lookup\",\"arguments\":{   \"city\": \"Oslo\" }}}]}"),
            second -> assertThat(second).contains("\"function\":{\"index\":1,"));
  }

  @Test
  void tellsProbabilitiesBesideTheText() {
    var said =
        new Said(
            " no",
            "",
            List.of(),
            List.of(
                new TokenLogprob(
                    " no",
                    -0.4,
                    List.of(32, 110, 111),
                    List.of(new TokenLogprob(" no", -0.4, List.of(), List.of())))));

    assertThat(written(out -> chat.said(out, AT, said)))
        .endsWith(
            "\"content\":\" no\"},\"done\":false,\"logprobs\":[{\"token\":\" no\",\"logprob\":-0.4,"
                + "\"bytes\":[32,110,111],\"top_logprobs\":[{\"token\":\" no\",\"logprob\":-0.4}]}]}\n");
  }

  @Test
  void measuresInNanoseconds() {
    assertThat(Metrics.of(7_000_001, new Usage(14, 2, false), new Timings(9L, 1L, 2L, 3L, 4L)))
        .isEqualTo(new Metrics(7_000_001, 1_000_000, 14, 2_000_000, 2, 4_000_000));
    assertThat(Metrics.of(7, new Usage(0, 2, true), null)).isEqualTo(new Metrics(7, 0, 0, 0, 2, 0));
  }

  @Test
  void endsACallOfToolsLikeAnyAnswer() {
    assertThat(Reply.reason(FinishReason.TOOL_CALLS)).isEqualTo("stop");
    assertThat(Reply.reason(FinishReason.LENGTH)).isEqualTo("length");
  }

  private static String written(Consumer<Buffer> writing) {
    var out = Buffer.buffer();
    writing.accept(out);
    return out.toString();
  }
}
