package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.sse.SseWriter;
import dev.penstock.contracts.wire.JsonString;
import dev.penstock.gateway.answer.StreamEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Writes the chunks of one streamed completion (openai-api.md section 6). */
final class CompletionChunkEncoder implements StreamEncoder {
  private final ResponseHead head;
  private final ChunkFrame frame;
  private final byte[] textStart;
  private final byte[] textEnd;

  /**
   * @param includeUsage adds {@code usage} to every chunk, null but in the extra last one
   */
  CompletionChunkEncoder(ResponseHead head, CompletionId completion, boolean includeUsage) {
    this.head = head;
    this.frame = new ChunkFrame(completion, CompletionEncoder.OBJECT, includeUsage);
    this.textStart = frame.before("{\"text\":");
    this.textEnd = frame.after(",\"index\":0,\"logprobs\":null,\"finish_reason\":null}");
  }

  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    head.refuse(response, failure);
  }

  @Override
  public void head(HttpServerResponse response) {
    head.stream(response);
  }

  @Override
  public void text(Buffer out, String piece) {
    JsonString.append(out.appendBytes(textStart), piece).appendBytes(textEnd);
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    if (!text.isEmpty()) {
      text(out, text);
    }
  }

  /** Never asked for here. */
  @Override
  public void thought(Buffer out, String piece) {}

  /** Never asked for here. */
  @Override
  public void called(Buffer out, List<ToolCall> calls) {}

  @Override
  public void finished(Buffer out, Finished end) {
    frame.chunk(
        out,
        "{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\""
            + FinishReasons.of(end.reason())
            + "\"}");
    frame.end(out, end.usage());
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    ChunkFrame.failure(out, failure);
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }
}
