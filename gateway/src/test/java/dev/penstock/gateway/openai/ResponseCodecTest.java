package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.answer.GatheredAnswer;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** openai-api.md sections 8.2 and 8.5. */
class ResponseCodecTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.ofEpochSecond(1_767_225_603));
  private static final ToolCall CALL = new ToolCall("call_1", "weather", "{\"city\":\"Köln\"}");

  private final Buffer out = Buffer.buffer();

  @Test
  void tellsATextInTheOrderThatClientsHoldItTo() {
    var encoder = stream(false);

    encoder.text(out, "Bl\n");
    encoder.text(out, "ue");
    encoder.finished(out, end(FinishReason.STOP));

    var events = events();
    assertThat(events.stream().map(event -> event.get("type").asText()))
        .containsExactly(
            "response.created",
            "response.in_progress",
            "response.output_item.added",
            "response.content_part.added",
            "response.output_text.delta",
            "response.output_text.delta",
            "response.output_text.done",
            "response.content_part.done",
            "response.output_item.done",
            "response.completed");
    for (var at = 0; at < events.size(); at++) {
      assertThat(events.get(at).get("sequence_number").asInt()).isEqualTo(at);
    }
    assertThat(events.get(4).get("delta").asText()).isEqualTo("Bl\n");
    assertThat(events.get(6).get("text").asText()).isEqualTo("Bl\nue");
    assertThat(events.get(9).at("/response/output/0/content/0/text").asText()).isEqualTo("Bl\nue");
    assertThat(events.get(9).at("/response/output/0/id")).isEqualTo(events.get(4).get("item_id"));
  }

  @Test
  void tellsCallsAsItemsBehindTheMessage() {
    var encoder = stream(true);

    encoder.text(out, "Wait.");
    encoder.called(out, List.of(CALL, new ToolCall("call_2", "time", "{}")));
    encoder.finished(out, end(FinishReason.TOOL_CALLS));

    var events = events();
    var last = events.getLast();
    assertThat(last.get("type").asText()).isEqualTo("response.completed");
    assertThat(last.at("/response/output").size()).isEqualTo(2);
    assertThat(last.at("/response/output/1").toString())
        .isEqualTo(
            "{\"id\":\"fc_call_1\",\"type\":\"function_call\",\"status\":\"completed\","
                + "\"call_id\":\"call_1\",\"name\":\"weather\","
                + "\"arguments\":\"{\\\"city\\\":\\\"Köln\\\"}\"}");
    assertThat(events.stream().map(event -> event.path("output_index").asInt(-1)))
        .containsExactly(-1, -1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, -1);
  }

  @Test
  void tellsAnEmptyAnswerAsAMessageWithoutText() {
    stream(false).finished(out, end(FinishReason.STOP));

    assertThat(events()).hasSize(8);
    assertThat(events().getLast().at("/response/output/0/content/0/text").asText()).isEmpty();
  }

  @Test
  void tellsWhyAnAnswerIsNotComplete() {
    var encoder = stream(false);

    encoder.text(out, "Bl");
    encoder.finished(out, end(FinishReason.LENGTH));

    var last = events().getLast();
    assertThat(last.get("type").asText()).isEqualTo("response.incomplete");
    assertThat(last.at("/response/status").asText()).isEqualTo("incomplete");
    assertThat(last.at("/response/incomplete_details/reason").asText())
        .isEqualTo("max_output_tokens");
    assertThat(last.at("/response/output/0/status").asText()).isEqualTo("incomplete");
  }

  @Test
  void endsABrokenAnswerWithWhatThereIs() {
    var encoder = stream(false);

    encoder.text(out, "Bl");
    encoder.failed(out, Failure.of(FailureCode.UPSTREAM_TRUNCATED, "It broke."));

    var last = events().getLast();
    assertThat(last.get("type").asText()).isEqualTo("response.failed");
    assertThat(last.get("sequence_number").asInt()).isEqualTo(5);
    assertThat(last.at("/response/error").toString())
        .isEqualTo("{\"code\":\"server_error\",\"message\":\"It broke.\"}");
    assertThat(last.at("/response/output/0/content/0/text").asText()).isEqualTo("Bl");
  }

  @Test
  void writesAWholeResponseWithEveryMemberThatClientsRequire() {
    var answer =
        new GatheredAnswer(
            "Blue.",
            "",
            List.of(),
            List.of(),
            FinishReason.STOP,
            new Usage(14, 2, false, 12, null),
            null);

    var encoded = new ResponseEncoder(ResponseHead.now(), response(), false, CLOCK).encode(answer);

    assertThat(encoded.toString())
        .isEqualTo(
            "{\"id\":\"resp_1\",\"object\":\"response\",\"created_at\":1767225600,"
                + "\"completed_at\":1767225603,\"status\":\"completed\",\"background\":false,"
                + "\"error\":null,\"incomplete_details\":null,\"conversation\":null,"
                + "\"previous_response_id\":null,\"store\":false,\"truncation\":\"disabled\",\"model\":\"gemma3:4b\",\"instructions\":\"Be"
                + " brief.\",\"max_output_tokens\":null,"
                + "\"metadata\":{},\"parallel_tool_calls\":true,"
                + "\"reasoning\":{\"effort\":null,\"summary\":null},\"temperature\":1.0,"
                + "\"text\":{\"format\":{\"type\":\"text\"}},\"tool_choice\":\"auto\",\"tools\":[],"
                + "\"top_p\":1.0,\"user\":null,\"output\":[{\"id\":\"msg_1\",\"type\":\"message\","
                + "\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{"
                + "\"type\":\"output_text\",\"text\":\"Blue.\",\"annotations\":[],\"logprobs\":[]}]}],"
                + "\"usage\":{\"input_tokens\":14,\"input_tokens_details\":{\"cached_tokens\":12,"
                + "\"cache_write_tokens\":0},\"output_tokens\":2,\"output_tokens_details\":"
                + "{\"reasoning_tokens\":0},\"total_tokens\":16}}");
  }

  private List<JsonNode> events() {
    var events = new ArrayList<JsonNode>();
    for (var frame : out.toString().split("\n\n")) {
      var lines = frame.split("\n");
      assertThat(lines).hasSize(2);
      var data = Wire.decode(lines[1].substring(6), JsonNode.class);
      assertThat(lines[0]).isEqualTo("event: " + data.get("type").asText());
      events.add(data);
    }
    return events;
  }

  private static ResponseEventEncoder stream(boolean oneCall) {
    return new ResponseEventEncoder(ResponseHead.now(), response(), oneCall, CLOCK);
  }

  private static ResponseJson response() {
    var asked =
        "{\"model\":\"gemma3:4b\",\"input\":\"a\",\"instructions\":\"Be brief.\",\"store\":false}";
    var echo = ResponseDecoder.decode(StrictJson.parse(Buffer.buffer(asked))).echo();
    return new ResponseJson("resp_1", "msg_1", 1_767_225_600, echo);
  }

  private static Finished end(FinishReason reason) {
    return new Finished(reason, new Usage(14, 2, false), new Timings(null, null, null, null, null));
  }
}
