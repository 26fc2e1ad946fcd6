package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.contracts.wire.Wire;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The events of one response (openai-api.md section 8.5): {@code event:} the type, {@code data:}
 * one object that repeats it and has a {@code sequence_number}. Each method appends one whole
 * event. Of a delta all but its number and text is encoded once.
 */
final class ResponseEvents {
  /** How many events tell of a call. */
  static final int PER_CALL = 4;

  private static final byte[] DELTA = utf8(",\"delta\":");
  private static final byte[] LOGPROBS = utf8(",\"logprobs\":");
  private static final byte[] NO_LOGPROBS = utf8(",\"logprobs\":[]}\n\n");
  private static final byte[] END = utf8("}\n\n");

  private final ResponseJson response;
  private final byte[] deltaStart;

  ResponseEvents(ResponseJson response) {
    this.response = response;
    this.deltaStart =
        utf8(
            "event: response.output_text.delta\ndata: {\"type\":\"response.output_text.delta\","
                + "\"item_id\":\""
                + response.messageId()
                + "\",\"output_index\":0,\"content_index\":0,\"sequence_number\":");
  }

  void created(Buffer out, int number) {
    state(out, number, "created", response.inProgress());
  }

  void inProgress(Buffer out, int number) {
    state(out, number, "in_progress", response.inProgress());
  }

  /** An event that shows the response as it is then: {@code response.} and that word. */
  void state(Buffer out, int number, String word, ObjectNode now) {
    event(out, number, "response." + word, data().set("response", now));
  }

  void messageAdded(Buffer out, int number) {
    added(out, number, 0, response.message("in_progress", List.of()));
  }

  void partAdded(Buffer out, int number) {
    var part = ResponseJson.text("", List.of());
    event(out, number, "response.content_part.added", inMessage().set("part", part));
  }

  void delta(Buffer out, int number, byte[] utf8, int from, int to) {
    out.appendBytes(deltaStart).appendString(Integer.toString(number)).appendBytes(DELTA);
    JsonString.append(out, utf8, from, to).appendBytes(NO_LOGPROBS);
  }

  void delta(Buffer out, int number, String text, List<TokenLogprob> logprobs) {
    out.appendBytes(deltaStart).appendString(Integer.toString(number)).appendBytes(DELTA);
    JsonString.append(out, text).appendBytes(LOGPROBS);
    LogprobsJson.list(out, logprobs).appendBytes(END);
  }

  void textDone(Buffer out, int number, String text, List<TokenLogprob> logprobs) {
    event(
        out,
        number,
        "response.output_text.done",
        inMessage().put("text", text).set("logprobs", ResponseJson.logprobs(logprobs)));
  }

  void partDone(Buffer out, int number, String text, List<TokenLogprob> logprobs) {
    var part = ResponseJson.text(text, logprobs);
    event(out, number, "response.content_part.done", inMessage().set("part", part));
  }

  void messageDone(
      Buffer out, int number, String status, String text, List<TokenLogprob> logprobs) {
    var part = ResponseJson.text(text, logprobs);
    done(out, number, 0, response.message(status, List.of(part)));
  }

  /**
   * One of the events that tell of a call.
   *
   * @param which 0 to {@link #PER_CALL}, exclusive
   */
  void call(Buffer out, int number, int output, ToolCall call, int which) {
    var data = data().put("item_id", ResponseJson.itemId(call)).put("output_index", output);
    var type = "response.function_call_arguments.";
    switch (which) {
      case 0 -> added(out, number, output, ResponseJson.call(call, "in_progress", ""));
      case 1 -> event(out, number, type + "delta", data.put("delta", call.arguments()));
      case 2 ->
          event(
              out,
              number,
              type + "done",
              data.put("name", call.name()).put("arguments", call.arguments()));
      case 3 -> done(out, number, output, ResponseJson.call(call, "completed", call.arguments()));
      default -> throw new IllegalArgumentException("a call has no event " + which);
    }
  }

  private static void added(Buffer out, int number, int output, ObjectNode item) {
    item(out, number, "response.output_item.added", output, item);
  }

  private static void done(Buffer out, int number, int output, ObjectNode item) {
    item(out, number, "response.output_item.done", output, item);
  }

  private static void item(Buffer out, int number, String type, int output, ObjectNode item) {
    event(out, number, type, data().put("output_index", output).set("item", item));
  }

  private ObjectNode inMessage() {
    return data()
        .put("item_id", response.messageId())
        .put("output_index", 0)
        .put("content_index", 0);
  }

  private static ObjectNode data() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static void event(Buffer out, int number, String type, ObjectNode data) {
    var whole = data().put("type", type).put("sequence_number", number);
    whole.setAll(data);
    SseWriter.event(out, type, Wire.encode(whole).getBytes());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
