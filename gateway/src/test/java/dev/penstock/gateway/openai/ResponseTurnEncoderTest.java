package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.request.StrictJson;
import dev.penstock.gateway.turns.LogView;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** openai-api.md section 8.6: an event is a function of its number and the log. */
class ResponseTurnEncoderTest {
  private static final UUID TURN = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);
  private static final Usage USAGE = new Usage(14, 2, false);
  private static final UUID STORED_AT_1767225603 =
      new UUID((1_767_225_603_500L << 16) | 0x7000, 0x8000_0000_0000_0002L);
  private static final List<ToolCall> CALLS =
      List.of(new ToolCall("call_1", "weather", "{}"), new ToolCall("call_2", "time", "{}"));

  /** A log with those deltas, and perhaps an end behind them. */
  private record Log(List<String> deltas, @Nullable TerminalEvent terminal) implements LogView {
    @Override
    public int last() {
      return deltas.size() + (terminal == null ? 0 : 1);
    }

    @Override
    public byte[] text() {
      return String.join("", deltas).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public int end(int seq) {
      var text = String.join("", deltas.subList(0, Math.min(seq, deltas.size())));
      return text.getBytes(StandardCharsets.UTF_8).length;
    }
  }

  @Test
  void numbersACompleteText() {
    var events = events(new Log(List.of("Bl\n", "ü"), completed(FinishReason.STOP, List.of())));

    assertThat(types(events))
        .containsExactly(
            "created",
            "in_progress",
            "output_item.added",
            "content_part.added",
            "output_text.delta",
            "output_text.delta",
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "completed");
    assertThat(events.get(5).get("delta").textValue()).isEqualTo("ü");
    assertThat(events.get(6).get("text").textValue()).isEqualTo("Bl\nü");
    assertThat(events.get(7).at("/part/text").textValue()).isEqualTo("Bl\nü");
    assertThat(events.get(8).at("/item/content/0/text").textValue()).isEqualTo("Bl\nü");
    var response = events.get(9).get("response");
    assertThat(response.at("/output/0/content/0/text").textValue()).isEqualTo("Bl\nü");
    assertThat(response.get("id").textValue()).isEqualTo("resp_01900000000070008000000000000001");
    assertThat(response.at("/output/0/id").textValue())
        .isEqualTo("msg_01900000000070008000000000000001")
        .isEqualTo(events.get(4).get("item_id").textValue());
    assertThat(response.get("completed_at").longValue()).isEqualTo(1_767_225_603);
    assertThat(response.get("store").booleanValue()).isTrue();
    assertThat(response.at("/usage/total_tokens").intValue()).isEqualTo(16);
  }

  /** The same bytes, however much of the log there was when it was looked at. */
  @Test
  void tellsTheSameEventsWhereverTheLogIsCut() {
    var deltas = List.of("a", "b\"", "🐼", "\u0001", "e");
    var whole = new Log(deltas, completed(FinishReason.STOP, CALLS));
    var all = frames(whole);

    for (var cut = 0; cut <= deltas.size(); cut++) {
      var told = frames(new Log(deltas.subList(0, cut), null));
      assertThat(told).isEqualTo(all.subList(0, cut == 0 ? 2 : cut + 4));
    }
  }

  @Test
  void tellsCallsBehindTheText() {
    var events = events(new Log(List.of("Wait."), completed(FinishReason.TOOL_CALLS, CALLS)));

    assertThat(types(events).subList(5, 17))
        .containsExactly(
            "output_text.done",
            "content_part.done",
            "output_item.done",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "output_item.added",
            "function_call_arguments.delta",
            "function_call_arguments.done",
            "output_item.done",
            "completed");
    assertThat(events.get(12).get("output_index").intValue()).isEqualTo(2);
    assertThat(events.getLast().at("/response/output")).hasSize(3);
  }

  @Test
  void tellsCallsWithoutTextAsTheOnlyItems() {
    var events = events(new Log(List.of(), completed(FinishReason.TOOL_CALLS, CALLS)));

    assertThat(types(events)).hasSize(11).startsWith("created", "in_progress", "output_item.added");
    assertThat(events.get(2).at("/item/id").textValue()).isEqualTo("fc_call_1");
    assertThat(events.get(2).get("output_index").intValue()).isZero();
    assertThat(events.getLast().at("/response/output")).hasSize(2);
  }

  @Test
  void tellsOneCallWhereSeveralWereRefused() {
    var log = new Log(List.of(), completed(FinishReason.TOOL_CALLS, CALLS));
    var encoder = new ResponseTurnEncoder(new StoredResponse(response().json(), false, true));

    assertThat(types(events(frames(log, encoder)))).hasSize(7);
  }

  @Test
  void tellsAnEmptyAnswerAsAMessageWithoutText() {
    var events = events(new Log(List.of(), completed(FinishReason.LENGTH, List.of())));

    assertThat(types(events))
        .hasSize(8)
        .startsWith("created", "in_progress", "output_item.added", "content_part.added")
        .endsWith("incomplete");
    assertThat(events.getLast().at("/response/incomplete_details/reason").textValue())
        .isEqualTo("max_output_tokens");
  }

  /** It is alone at its own number, whatever there is before it. */
  @Test
  void tellsAFailureWithWhatThereIs() {
    var why = new TerminalEvent.Failed(FailureCode.UPSTREAM_TRUNCATED, "It broke.", true, null);

    var partial = events(new Log(List.of("Bl"), why));
    var nothing = events(new Log(List.of(), why));

    assertThat(types(partial)).hasSize(6).endsWith("output_text.delta", "failed");
    assertThat(partial.getLast().at("/response/output/0/status").textValue())
        .isEqualTo("incomplete");
    assertThat(partial.getLast().at("/response/error").toString())
        .isEqualTo("{\"code\":\"server_error\",\"message\":\"It broke.\"}");
    assertThat(types(nothing)).hasSize(5).endsWith("content_part.added", "failed");
  }

  @Test
  void tellsWhatWasCancelledAsIncomplete() {
    var events = events(new Log(List.of("Bl"), new TerminalEvent.Cancelled(null, USAGE)));

    assertThat(types(events)).hasSize(9).endsWith("output_item.done", "incomplete");
    var response = events.getLast().get("response");
    assertThat(response.get("status").textValue()).isEqualTo("cancelled");
    assertThat(response.get("incomplete_details").isNull()).isTrue();
    assertThat(response.at("/output/0/status").textValue()).isEqualTo("incomplete");
  }

  @Test
  void tellsAnInterruptionAsAFailureOfOurs() {
    var events = events(new Log(List.of("Bl"), new TerminalEvent.Interrupted(null, USAGE)));

    assertThat(types(events)).hasSize(6).endsWith("failed");
    assertThat(events.getLast().at("/response/error/code").textValue()).isEqualTo("server_error");
  }

  private static TerminalEvent completed(FinishReason reason, List<ToolCall> calls) {
    return new TerminalEvent.Completed(STORED_AT_1767225603, reason, USAGE, null, "", calls);
  }

  private static StoredResponse response() {
    var asked = StrictJson.parse(Buffer.buffer("{\"model\":\"gemma3:4b\",\"input\":\"a\"}"));
    var json =
        new ResponseJson(
            PrefixedId.of(PrefixedId.RESPONSE, TURN),
            PrefixedId.of(PrefixedId.MESSAGE, TURN),
            1_767_225_600,
            ResponseDecoder.decode(asked).echo());
    return new StoredResponse(json, false, false);
  }

  private static List<String> frames(LogView log) {
    return frames(log, new ResponseTurnEncoder(response()));
  }

  private static List<String> frames(LogView log, ResponseTurnEncoder encoder) {
    var frames = new ArrayList<String>();
    for (var out = Buffer.buffer(); encoder.append(out, frames.size(), log); ) {
      frames.add(out.toString());
      out = Buffer.buffer();
    }
    return frames;
  }

  private static List<JsonNode> events(LogView log) {
    return events(frames(log));
  }

  private static List<JsonNode> events(List<String> frames) {
    var events = new ArrayList<JsonNode>();
    for (var frame : frames) {
      var lines = frame.split("\n");
      assertThat(lines).hasSize(2);
      assertThat(frame).endsWith("\n\n");
      var data = Wire.decode(lines[1].substring("data: ".length()), JsonNode.class);
      assertThat(lines[0]).isEqualTo("event: " + data.get("type").asText());
      assertThat(data.get("sequence_number").intValue()).isEqualTo(events.size());
      events.add(data);
    }
    return events;
  }

  private static List<String> types(List<JsonNode> events) {
    return events.stream()
        .map(event -> event.get("type").textValue().substring("response.".length()))
        .toList();
  }
}
