package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.gateway.answer.StreamEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a response that is not kept as events, numbered from 0 without a gap (openai-api.md
 * section 8.5). No {@code [DONE]}; the stream ends with the response's last event.
 */
final class ResponseEventEncoder implements StreamEncoder {
  private final ResponseHead head;
  private final ResponseJson response;
  private final ResponseEvents events;
  private final boolean oneCall;
  private final InstantSource clock;
  private final StringBuilder said = new StringBuilder();
  private final List<TokenLogprob> scores = new ArrayList<>();
  private final List<ToolCall> calls = new ArrayList<>();
  private int sequence;
  private boolean created;
  private boolean speaking;

  ResponseEventEncoder(
      ResponseHead head, ResponseJson response, boolean oneCall, InstantSource clock) {
    this.head = head;
    this.response = response;
    this.events = new ResponseEvents(response);
    this.oneCall = oneCall;
    this.clock = clock;
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
    events.delta(out, sequence++, text, logprobs);
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
      events.textDone(out, sequence++, said.toString(), scores);
      events.partDone(out, sequence++, said.toString(), scores);
      events.messageDone(out, sequence++, status, said.toString(), scores);
    }
    var before = speaking ? 1 : 0;
    for (var at = 0; at < calls.size(); at++) {
      for (var which = 0; which < ResponseEvents.PER_CALL; which++) {
        events.call(out, sequence++, before + at, calls.get(at), which);
      }
    }
    var output = response.items(status, said.toString(), scores, calls);
    events.state(
        out,
        sequence++,
        status,
        response.ended(output, end.reason(), end.usage(), clock.instant()));
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    create(out);
    var partial = response.partial(said.toString(), scores);
    events.state(out, sequence++, "failed", response.failed(partial, failure));
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }

  private void create(Buffer out) {
    if (!created) {
      created = true;
      events.created(out, sequence++);
      events.inProgress(out, sequence++);
    }
  }

  private void speak(Buffer out) {
    create(out);
    if (!speaking) {
      speaking = true;
      events.messageAdded(out, sequence++);
      events.partAdded(out, sequence++);
    }
  }
}
