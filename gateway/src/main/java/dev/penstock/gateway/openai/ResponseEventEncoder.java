package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.gateway.answer.StreamEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a response as events (openai-api.md section 8.5): {@code event:} the type, {@code data:}
 * one object that repeats it and counts in {@code sequence_number} from 0 without a gap. No {@code
 * [DONE]}; the stream ends with the response's last event. Of a delta all but its number and text
 * is encoded once.
 */
final class ResponseEventEncoder implements StreamEncoder {
  private static final byte[] END = "}\n\n".getBytes(StandardCharsets.UTF_8);

  private final ResponseHead head;
  private final ResponseJson response;
  private final boolean oneCall;
  private final InstantSource clock;
  private final byte[] deltaStart;
  private final StringBuilder said = new StringBuilder();
  private final List<TokenLogprob> scores = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private int sequence;
  private boolean created;
  private boolean speaking;
  private int items;

  ResponseEventEncoder(
      ResponseHead head, ResponseJson response, boolean oneCall, InstantSource clock) {
    this.head = head;
    this.response = response;
    this.oneCall = oneCall;
    this.clock = clock;
    this.deltaStart =
        ("event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                + "\"item_id\":\""
                + response.messageId()
                + "\",\"output_index\":0,\"content_index\":0,\"sequence_number\":")
            .getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void refuse(HttpServerResponse http, Failure failure) {
    head.refuse(http, failure);
  }

  @Override
  public void head(HttpServerResponse http) {
    head.stream(http);
  }

  @Override
  public void text(Buffer out, String piece) {
    scored(out, piece, List.of());
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    speak(out);
    said.append(text);
    scores.addAll(logprobs);
    out.appendBytes(deltaStart).appendString(sequence++ + ",\"delta\":");
    JsonString.append(out, text).appendString(",\"logprobs\":");
    LogprobsJson.list(out, logprobs).appendBytes(END);
  }

  /** Not asked for here. */
  @Override
  public void thought(Buffer out, String piece) {}

  /** Kept until the message is whole, since items are told one after the other. */
  @Override
  public void called(Buffer out, List<ToolCall> called) {
    create(out);
    calls.addAll(oneCall ? called.subList(0, calls.isEmpty() ? 1 : 0) : called);
  }

  @Override
  public void finished(Buffer out, Finished end) {
    create(out);
    var status = ResponseJson.status(end.reason());
    if (calls.isEmpty()) {
      speak(out);
    }
    if (speaking) {
      spoken(out, status);
    }
    calls.forEach(call -> call(out, call));
    var output = response.items(status, said.toString(), scores, calls);
    event(
        out,
        "response." + status,
        data().set("response", response.ended(output, end.reason(), end.usage(), clock.instant())));
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    create(out);
    List<ObjectNode> partial =
        said.isEmpty()
            ? List.of()
            : response.items("incomplete", said.toString(), scores, List.of());
    event(out, "response.failed", data().set("response", response.failed(partial, failure)));
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }

  private void create(Buffer out) {
    if (!created) {
      created = true;
      event(out, "response.created", data().set("response", response.inProgress()));
      event(out, "response.in_progress", data().set("response", response.inProgress()));
    }
  }

  private void speak(Buffer out) {
    create(out);
    if (!speaking) {
      speaking = true;
      added(out, response.message("in_progress", List.of()));
      event(
          out,
          "response.content_part.added",
          inMessage().set("part", ResponseJson.text("", List.of())));
    }
  }

  private void spoken(Buffer out, String status) {
    var part = ResponseJson.text(said.toString(), scores);
    event(
        out,
        "response.output_text.done",
        inMessage().put("text", said.toString()).set("logprobs", part.get("logprobs")));
    event(out, "response.content_part.done", inMessage().set("part", part));
    done(out, response.message(status, List.of(part)));
  }

  private void call(Buffer out, ToolCall call) {
    added(out, ResponseJson.call(call, "in_progress", ""));
    event(
        out, "response.function_call_arguments.delta", inCall(call).put("delta", call.arguments()));
    event(
        out,
        "response.function_call_arguments.done",
        inCall(call).put("name", call.name()).put("arguments", call.arguments()));
    done(out, ResponseJson.call(call, "completed", call.arguments()));
  }

  private void added(Buffer out, ObjectNode item) {
    event(out, "response.output_item.added", data().put("output_index", items).set("item", item));
  }

  private void done(Buffer out, ObjectNode item) {
    event(out, "response.output_item.done", data().put("output_index", items++).set("item", item));
  }

  private ObjectNode inMessage() {
    return data()
        .put("item_id", response.messageId())
        .put("output_index", 0)
        .put("content_index", 0);
  }

  private ObjectNode inCall(ToolCall call) {
    return data().put("item_id", ResponseJson.itemId(call)).put("output_index", items);
  }

  private static ObjectNode data() {
    return JsonNodeFactory.instance.objectNode();
  }

  private void event(Buffer out, String type, ObjectNode data) {
    var whole = data().put("type", type).put("sequence_number", sequence++);
    whole.setAll(data);
    SseWriter.event(out, type, Wire.encode(whole).getBytes());
  }
}
