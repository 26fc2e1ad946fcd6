package dev.penstock.proxy.openai;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.sse.SseEvent;
import dev.penstock.proxy.exchange.AnswerDecoder;
import dev.penstock.proxy.exchange.EventFeed;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.AnswerText;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the event stream of a chat completion.
 *
 * <p>A chunk is {@code {"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}}.
 * The last one of the choice has a {@code finish_reason}; one without choices and with {@code
 * usage} may follow, then {@code data: [DONE]}. The end is told with {@code [DONE]}, or with the
 * end of the body after a finish reason, since older TGI sends no {@code [DONE]}; any other end is
 * a failure (sse.md SSE-35). Calls of tools are told whole, with the end.
 *
 * <p>A failure after the response has begun is a chunk with {@code error}, an object or a string,
 * or, from older llama-servers, a line {@code error: {…}} that is no event.
 *
 * @see <a href="https://docs.vllm.ai/en/latest/serving/openai_compatible_server/">vLLM</a>
 */
final class ChatChunkDecoder implements AnswerDecoder {
  private static final String DONE = "[DONE]";

  private final AnswerListener listener;
  private final AnswerText text;
  private final CallFragments calls = new CallFragments();
  private final ChatChunk chunk = new ChatChunk(calls);
  private final UsualChunk usual = new UsualChunk();
  private final EventFeed events = new EventFeed(this::event, this::tooLong);
  private @Nullable String finishReason;
  private int chunks;
  private boolean over;

  ChatChunkDecoder(AnswerListener listener) {
    this.listener = listener;
    this.text = new AnswerText(listener);
  }

  @Override
  public void feed(Buffer piece) {
    if (!over) {
      events.feed(piece);
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    if (finishReason != null) {
      finish(finishReason);
      return;
    }
    var error = OpenAiErrors.stray(events.lastWords());
    breakOff(error == null ? truncated() : error);
  }

  @Override
  public int chunks() {
    return chunks;
  }

  private void event(SseEvent event) {
    if (over) {
      return;
    }
    var data = event.data();
    var plain = usual.text(data);
    if (plain != null) {
      chunks++;
      say(plain);
    } else if (DONE.equals(data.strip())) {
      if (finishReason == null) {
        breakOff(truncated());
      } else {
        finish(finishReason);
      }
    } else {
      chunk(event.name(), data);
    }
  }

  private void chunk(String name, String data) {
    try {
      chunk.read(data);
    } catch (IOException e) {
      breakOff(
          "error".equals(name)
              ? OpenAiErrors.inStream(data)
              : Setback.failed(
                  FailureCode.UPSTREAM_PROTOCOL,
                  "The model server sent something that cannot be understood; try again."));
      return;
    }
    if (chunk.error || "error".equals(name)) {
      breakOff(OpenAiErrors.inStream(data));
      return;
    }
    if (chunk.isText()) {
      usual.learn(data, chunk.contentFrom, chunk.contentTo);
    }
    tell();
    finishReason = chunk.finishReason == null ? finishReason : chunk.finishReason;
  }

  private void tell() {
    var told = text.think(chunk.thought);
    if (chunk.logprobs.isEmpty()) {
      told |= text.say(chunk.content);
    } else {
      listener.scored(text.clean(chunk.content), chunk.logprobs);
      told = true;
    }
    if (told) {
      chunks++;
    } else {
      listener.heard();
    }
  }

  private void say(String plain) {
    if (!text.say(plain)) {
      listener.heard();
    }
  }

  private void finish(String reason) {
    text.end();
    if (!calls.isEmpty()) {
      var whole = calls.whole();
      if (whole == null) {
        breakOff(
            "length".equals(reason)
                ? Setback.failed(
                    FailureCode.UPSTREAM_FAILED,
                    "The model had no tokens left to finish its call of a tool; allow it more.")
                : Setback.failed(
                    FailureCode.UPSTREAM_PROTOCOL,
                    "The model called a tool in a way that cannot be understood; try again."));
        return;
      }
      listener.called(whole);
    }
    switch (reason) {
      case "length" -> complete(calls.isEmpty() ? FinishReason.LENGTH : FinishReason.TOOL_CALLS);
      case "content_filter" -> complete(FinishReason.CONTENT_FILTER);
      // vLLM's ends of requests that it gave up.
      case "abort", "error" -> breakOff(OpenAiErrors.inStream(""));
      // "stop", "tool_calls", and TGI's "eos_token" and "stop_sequence".
      default -> complete(calls.isEmpty() ? FinishReason.STOP : FinishReason.TOOL_CALLS);
    }
  }

  private void complete(FinishReason reason) {
    over = true;
    listener.finished(chunk.usage.completion(reason));
  }

  private void tooLong() {
    breakOff(
        Setback.failed(
            FailureCode.UPSTREAM_PROTOCOL,
            "The model server sent an event that is too long; try again."));
  }

  private static Setback truncated() {
    return Setback.failed(
        FailureCode.UPSTREAM_TRUNCATED, "The model server ended its answer too early; try again.");
  }

  private void breakOff(Setback setback) {
    if (!over) {
      over = true;
      listener.broke(setback);
    }
  }
}
