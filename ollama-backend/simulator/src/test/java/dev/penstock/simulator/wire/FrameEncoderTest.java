package dev.penstock.simulator.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Against the frames of ollama-api.md sections 4 and 5. */
class FrameEncoderTest {
  private static final int[] NO_CONTEXT = {};

  @Test
  void writesATokenFrame() {
    assertThat(
            text(
                FrameEncoder.ofChat("gemma3:4b")
                    .said(Instant.parse("2026-03-02T10:11:12.123456789Z"), said(" north"))))
        .isEqualTo(
            """
            {"model":"gemma3:4b","created_at":"2026-03-02T10:11:12.123456789Z","message":{"role":"assistant","content":" north"},"done":false}
            """);
  }

  @Test
  void writesAThoughtBesideEmptyContent() {
    assertThat(
            text(
                FrameEncoder.ofChat("gemma4:e2b")
                    .said(Instant.parse("2026-03-02T10:11:12Z"), Said.thought("Hm", List.of()))))
        .isEqualTo(
            """
            {"model":"gemma4:e2b","created_at":"2026-03-02T10:11:12Z","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}
            """);
  }

  @Test
  void writesTheFinalFrame() {
    var metrics = new GenerationMetrics(1500123456, 9100200, 41, 120400000, 58, 1290000000);

    assertThat(
            text(
                FrameEncoder.ofChat("gemma3:4b")
                    .done(
                        Instant.parse("2026-03-02T10:11:13.5Z"),
                        DoneReason.STOP,
                        NO_CONTEXT,
                        metrics)))
        .isEqualTo(
            """
            {"model":"gemma3:4b","created_at":"2026-03-02T10:11:13.5Z","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","total_duration":1500123456,"load_duration":9100200,"prompt_eval_count":41,"prompt_eval_duration":120400000,"eval_count":58,"eval_duration":1290000000}
            """);
  }

  @Test
  void writesTheFramesOfGenerateWithItsContext() {
    var frames = FrameEncoder.ofGenerate("gemma3:1b");

    assertThat(text(frames.said(Instant.parse("2026-03-02T10:11:12.1Z"), said("Blue"))))
        .isEqualTo(
            """
            {"model":"gemma3:1b","created_at":"2026-03-02T10:11:12.1Z","response":"Blue","done":false}
            """);
    assertThat(
            text(
                frames.done(
                    Instant.parse("2026-03-02T10:11:12.2Z"),
                    DoneReason.STOP,
                    new int[] {2, 105, 2364},
                    new GenerationMetrics(90000000, 5000000, 14, 30000000, 2, 40000000))))
        .isEqualTo(
            """
            {"model":"gemma3:1b","created_at":"2026-03-02T10:11:12.2Z","response":"","done":true,"done_reason":"stop","context":[2,105,2364],"total_duration":90000000,"load_duration":5000000,"prompt_eval_count":14,"prompt_eval_duration":30000000,"eval_count":2,"eval_duration":40000000}
            """);
  }

  @Test
  void leavesOutMetricsThatAreZero() {
    var whole =
        FrameEncoder.ofChat("tiny")
            .whole(
                Instant.EPOCH, Said.NOTHING, DoneReason.LOAD, NO_CONTEXT, GenerationMetrics.NONE);

    assertThat(text(whole))
        .isEqualTo(
            "{\"model\":\"tiny\",\"created_at\":\"1970-01-01T00:00:00Z\",\"message\":{\"role\":"
                + "\"assistant\",\"content\":\"\"},\"done\":true,\"done_reason\":\"load\"}");
  }

  /** What Go 1.24's encoding/json makes of the same string. */
  @Test
  void escapesAsGoDoes() {
    var frame =
        text(
            FrameEncoder.ofChat("m")
                .said(
                    Instant.EPOCH,
                    said("<a>&\"\\/ \b\f\n\r\t\u0001\u007f\u2028\u2029 é😀 \ud83d \ude00")));

    assertThat(frame)
        .contains(
            "\"content\":\"\\u003ca\\u003e\\u0026\\\"\\\\/ \\b\\f\\n\\r\\t\\u0001\u007f\\u2028\\u2029"
                + " é😀 \\ufffd \\ufffd\"");
  }

  @Test
  void trimsTheZerosOfTheTime() {
    assertThat(GoTime.text(Instant.parse("2026-12-31T23:59:59.739834440Z")))
        .isEqualTo("2026-12-31T23:59:59.73983444Z");
    assertThat(GoTime.text(Instant.parse("2026-01-02T03:04:05.000000001Z")))
        .isEqualTo("2026-01-02T03:04:05.000000001Z");
  }

  /** ollama-api.md sections 4 and 4.1. */
  @Test
  void writesCallsAndProbabilities() {
    var frames = FrameEncoder.ofChat("m");

    assertThat(text(frames.said(Instant.EPOCH, Said.calls("[{\"id\":\"call_1\"}]"))))
        .endsWith(
            "\"message\":{\"role\":\"assistant\",\"content\":\"\","
                + "\"tool_calls\":[{\"id\":\"call_1\"}]},\"done\":false}\n");
    assertThat(text(frames.scoring(2).said(Instant.EPOCH, Said.text(" né", List.of(" né")))))
        .endsWith(
            "\"content\":\" né\"},\"done\":false,\"logprobs\":[{\"token\":\" né\","
                + "\"logprob\":-0.196,\"bytes\":[32,110,195,169],\"top_logprobs\":["
                + "{\"token\":\" né\",\"logprob\":-0.196,\"bytes\":[32,110,195,169]},"
                + "{\"token\":\" né~1\",\"logprob\":-1.196,"
                + "\"bytes\":[32,110,195,169,126,49]}]}]}\n");
    assertThat(text(frames.said(Instant.EPOCH, Said.text("a", List.of("a")))))
        .doesNotContain("logprobs");
  }

  @Test
  void writesVectorsAsGoDoes() {
    var vectors = List.of(new float[] {0.1f, -0.00001f, 1, 0, -2.5e-8f, 1e-12f});

    assertThat(text(EmbedAnswer.encode("m", vectors, 9, 0, 4)))
        .isEqualTo(
            "{\"model\":\"m\",\"embeddings\":[[0.1,-0.00001,1,0,-2.5e-08,1e-12]],"
                + "\"total_duration\":9,\"prompt_eval_count\":4}");
  }

  private static Said said(String text) {
    return Said.text(text, List.of());
  }

  private static String text(io.vertx.core.buffer.Buffer frame) {
    return frame.toString(StandardCharsets.UTF_8);
  }
}
