package dev.penstock.gateway.ollama;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.gateway.answer.StreamEncoder;
import dev.penstock.gateway.ollama.FrameEncoder.Said;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a streamed answer as lines (ollama-api.md sections 2, 4.1 and 16). A line {@code
 * {"error":"…"}} is the last one of an answer that broke. The sign of life is a frame without text,
 * the only one that every client takes.
 */
final class LineEncoder implements StreamEncoder {
  /** Longer answers have no context: it would be longer still, several times over. */
  private static final int MAX_CONTEXT_CHARS = 256 * 1024;

  private final Reply reply;
  private final FrameEncoder frames;
  private final StringBuilder answer = new StringBuilder();
  private final List<ToolCall> calls = new ArrayList<>();

  LineEncoder(Reply reply) {
    this.reply = reply;
    this.frames = reply.frames();
  }

  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    Replies.refuse(response, OllamaError.of(failure, reply.model()));
  }

  @Override
  public void head(HttpServerResponse response) {
    response.setChunked(true).putHeader(HttpHeaders.CONTENT_TYPE, Replies.LINES);
    Replies.unbuffered(response);
  }

  @Override
  public void text(Buffer out, String piece) {
    remember(piece);
    frames.text(out, now(), piece);
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    remember(text);
    frames.said(out, now(), new Said(text, "", List.of(), logprobs));
  }

  @Override
  public void thought(Buffer out, String piece) {
    frames.said(out, now(), new Said("", piece, List.of(), List.of()));
  }

  /** {@code /api/generate} tells of calls in its last frame only. */
  @Override
  public void called(Buffer out, List<ToolCall> called) {
    if (reply.chat()) {
      frames.said(out, now(), new Said("", "", called, List.of()));
    } else {
      calls.addAll(called);
    }
  }

  @Override
  public void finished(Buffer out, GenerationEvent.Finished end) {
    frames.last(
        out,
        now(),
        new Said("", "", calls, List.of()),
        Reply.reason(end.reason()),
        answer.length() > MAX_CONTEXT_CHARS ? new int[0] : reply.context(answer.toString()),
        reply.metrics(end.usage(), end.timings()));
    out.appendByte((byte) '\n');
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    out.appendBuffer(OllamaError.inStream(failure, reply.model()).json()).appendByte((byte) '\n');
  }

  @Override
  public Buffer keepAlive() {
    var out = Buffer.buffer();
    frames.text(out, now(), "");
    return out;
  }

  private void remember(String piece) {
    if (!reply.chat() && answer.length() <= MAX_CONTEXT_CHARS) {
      answer.append(piece);
    }
  }

  private Instant now() {
    return reply.clock().instant();
  }
}
