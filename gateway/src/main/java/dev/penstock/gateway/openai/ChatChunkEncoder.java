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

/**
 * Writes the chunks of one streamed chat completion (openai-api.md section 4.4). Everything but the
 * text is encoded once.
 */
final class ChatChunkEncoder implements StreamEncoder {
  private static final String CHOICE = "{\"index\":0,\"delta\":{";
  private static final String CHOICE_END = "},\"logprobs\":null,\"finish_reason\":null}";

  private final ResponseHead head;
  private final ChunkFrame frame;
  private final byte[] contentStart;
  private final byte[] contentEnd;
  private final boolean oneCall;
  private boolean roleSaid;
  private int calls;

  /**
   * @param includeUsage adds {@code usage} to every chunk, null but in the extra last one
   * @param oneCall leaves out every call of a tool after the first
   */
  ChatChunkEncoder(
      ResponseHead head, CompletionId completion, boolean includeUsage, boolean oneCall) {
    this.head = head;
    this.frame = new ChunkFrame(completion, "chat.completion.chunk", includeUsage);
    this.contentStart = frame.before(CHOICE + "\"content\":");
    this.contentEnd = frame.after(CHOICE_END);
    this.oneCall = oneCall;
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
    sayRole(out);
    JsonString.append(out.appendBytes(contentStart), piece).appendBytes(contentEnd);
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    sayRole(out);
    JsonString.append(out.appendBytes(contentStart), text).appendString("},\"logprobs\":");
    LogprobsJson.append(out, logprobs).appendBytes(frame.after(",\"finish_reason\":null}"));
  }

  /** By the name that Ollama gave it; the dialect's own document has none. */
  @Override
  public void thought(Buffer out, String piece) {
    sayRole(out);
    JsonString.append(out.appendBytes(frame.before(CHOICE + "\"reasoning\":")), piece)
        .appendBytes(contentEnd);
  }

  /** One fragment for each call, whole. */
  @Override
  public void called(Buffer out, List<ToolCall> called) {
    var told = oneCall ? called.subList(0, calls == 0 ? 1 : 0) : called;
    if (!told.isEmpty()) {
      sayRole(out);
      ToolCallsJson.appendFragments(
              out.appendBytes(frame.before(CHOICE + "\"tool_calls\":")), told, calls)
          .appendBytes(contentEnd);
      calls += told.size();
    }
  }

  @Override
  public void finished(Buffer out, Finished finished) {
    sayRole(out);
    frame.chunk(
        out,
        "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\""
            + FinishReasons.of(finished.reason())
            + "\"}");
    frame.end(out, finished.usage());
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    ChunkFrame.failure(out, failure);
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }

  private void sayRole(Buffer out) {
    if (!roleSaid) {
      roleSaid = true;
      frame.chunk(out, CHOICE + "\"role\":\"assistant\",\"content\":\"\"" + CHOICE_END);
    }
  }
}
