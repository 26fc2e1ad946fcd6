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
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Writes the chunks of one streamed answer (openai-api.md section 4.4): {@code data:
 * {"id":…,"object":"chat.completion.chunk",…,"choices":[…]}} and a blank line, never {@code id:},
 * {@code event:} or {@code retry:}. Everything but the text is encoded once.
 */
final class ChatChunkEncoder implements StreamEncoder {
  private static final byte[] DATA = utf8("data: ");
  private static final byte[] END = utf8("\n\n");
  private static final byte[] DONE = utf8("data: [DONE]\n\n");

  private final byte[] head;
  private final byte[] contentStart;
  private final byte[] contentEnd;
  private final byte[] chunkEnd;
  private final boolean includeUsage;
  private final ResponseHead responseHead;
  private boolean roleSaid;
  private int calls;

  /**
   * @param includeUsage adds {@code usage} to every chunk, null but in the extra last one
   */
  ChatChunkEncoder(ResponseHead responseHead, CompletionId completion, boolean includeUsage) {
    this.responseHead = responseHead;
    this.includeUsage = includeUsage;
    this.head =
        JsonString.append(
                Buffer.buffer()
                    .appendString("data: {\"id\":\"" + completion.id())
                    .appendString("\",\"object\":\"chat.completion.chunk\",\"created\":")
                    .appendString(completion.created() + ",\"model\":"),
                completion.model())
            .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
            .appendString(",\"choices\":[")
            .getBytes();
    this.chunkEnd = utf8((includeUsage ? "],\"usage\":null}" : "]}") + "\n\n");
    this.contentStart =
        Buffer.buffer()
            .appendBytes(head)
            .appendString("{\"index\":0,\"delta\":{\"content\":")
            .getBytes();
    this.contentEnd =
        Buffer.buffer()
            .appendString("},\"logprobs\":null,\"finish_reason\":null}")
            .appendBytes(chunkEnd)
            .getBytes();
  }

  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    responseHead.error(response, OpenAiError.of(failure));
  }

  @Override
  public void head(HttpServerResponse response) {
    responseHead.stream(response);
  }

  @Override
  public void text(Buffer out, String piece) {
    sayRole(out);
    JsonString.append(out.appendBytes(contentStart), piece).appendBytes(contentEnd);
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    if (!text.isEmpty()) {
      text(out, text);
    }
  }

  /** This dialect has no place for thoughts. */
  @Override
  public void thought(Buffer out, String piece) {}

  @Override
  public void called(Buffer out, List<ToolCall> called) {
    sayRole(out);
    for (var call : called) {
      out.appendBytes(head)
          .appendString("{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":" + calls++);
      JsonString.append(out.appendString(",\"id\":"), call.id());
      JsonString.append(
          out.appendString(",\"type\":\"function\",\"function\":{\"name\":"), call.name());
      JsonString.append(out.appendString(",\"arguments\":"), call.arguments())
          .appendString("}}]},\"logprobs\":null,\"finish_reason\":null}")
          .appendBytes(chunkEnd);
    }
  }

  /** The finish chunk, the usage chunk if it was asked for, and {@code [DONE]}. */
  @Override
  public void finished(Buffer out, Finished finished) {
    sayRole(out);
    out.appendBytes(head)
        .appendString("{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"")
        .appendString(FinishReasons.of(finished.reason()) + "\"}")
        .appendBytes(chunkEnd);
    if (includeUsage) {
      out.appendBytes(head)
          .appendString("],\"usage\":" + UsageJson.of(finished.usage()) + "}")
          .appendBytes(END);
    }
    out.appendBytes(DONE);
  }

  /** The frame that tells of a failure; nothing follows it, {@code [DONE]} neither. */
  @Override
  public void failed(Buffer out, Failure failure) {
    out.appendBytes(DATA).appendBuffer(OpenAiError.of(failure).json()).appendBytes(END);
  }

  @Override
  public Buffer keepAlive() {
    return SseWriter.keepAlive();
  }

  private void sayRole(Buffer out) {
    if (!roleSaid) {
      roleSaid = true;
      out.appendBytes(head)
          .appendString("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")
          .appendString(",\"logprobs\":null,\"finish_reason\":null}")
          .appendBytes(chunkEnd);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
