package dev.penstock.gateway.openai;

import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes the chunks of one streamed answer (openai-api.md section 4.4): {@code data:
 * {"id":…,"object":"chat.completion.chunk",…,"choices":[…]}} and a blank line, never {@code id:},
 * {@code event:} or {@code retry:}. Everything but the text is encoded once.
 */
final class ChatChunkEncoder {
  private static final byte[] DATA = utf8("data: ");
  private static final byte[] END = utf8("\n\n");
  private static final byte[] DONE = utf8("data: [DONE]\n\n");

  private final byte[] head;
  private final byte[] contentStart;
  private final byte[] contentEnd;
  private final byte[] chunkEnd;
  private final boolean includeUsage;

  /**
   * @param includeUsage adds {@code usage} to every chunk, null but in the extra last one
   */
  ChatChunkEncoder(CompletionId completion, boolean includeUsage) {
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

  /** Appends the first chunk, which says who speaks. */
  void role(Buffer out) {
    out.appendBytes(head)
        .appendString("{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}")
        .appendString(",\"logprobs\":null,\"finish_reason\":null}")
        .appendBytes(chunkEnd);
  }

  /** Appends a chunk of text. */
  void content(Buffer out, String text) {
    JsonString.append(out.appendBytes(contentStart), text).appendBytes(contentEnd);
  }

  /** Appends the finish chunk, the usage chunk if it was asked for, and {@code [DONE]}. */
  void finish(Buffer out, Finished finished) {
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

  /** Appends the frame that tells of a failure; nothing follows it, {@code [DONE]} neither. */
  static void error(Buffer out, OpenAiError error) {
    out.appendBytes(DATA).appendBuffer(error.json()).appendBytes(END);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
