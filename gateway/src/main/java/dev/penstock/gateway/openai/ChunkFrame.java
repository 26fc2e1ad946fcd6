package dev.penstock.gateway.openai;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * What is around the choices of a chunk, encoded once: {@code data:
 * {"id":…,"object":…,"created":…,"model":…,"choices":[…]}} and a blank line, never {@code id:},
 * {@code event:} or {@code retry:} (openai-api.md sections 3 and 4.4).
 */
final class ChunkFrame {
  private static final byte[] DATA = utf8("data: ");
  private static final byte[] END = utf8("\n\n");
  private static final byte[] DONE = utf8("data: [DONE]\n\n");

  private final byte[] start;
  private final byte[] end;
  private final boolean includeUsage;

  /**
   * @param object the literal that says which kind of chunk it is
   * @param includeUsage adds {@code usage} to every chunk, null but in the extra last one
   */
  ChunkFrame(CompletionId completion, String object, boolean includeUsage) {
    this.includeUsage = includeUsage;
    this.start =
        JsonString.append(
                Buffer.buffer()
                    .appendString("data: {\"id\":\"" + completion.id())
                    .appendString("\",\"object\":\"" + object + "\",\"created\":")
                    .appendString(completion.created() + ",\"model\":"),
                completion.model())
            .appendString(",\"system_fingerprint\":\"" + completion.fingerprint() + "\"")
            .appendString(",\"choices\":[")
            .getBytes();
    this.end = utf8((includeUsage ? "],\"usage\":null}" : "]}") + "\n\n");
  }

  /** Everything up to what differs from chunk to chunk. */
  byte[] before(String choice) {
    return Buffer.buffer().appendBytes(start).appendString(choice).getBytes();
  }

  /** Everything behind it. */
  byte[] after(String choice) {
    return Buffer.buffer().appendString(choice).appendBytes(end).getBytes();
  }

  /** Appends a chunk whose one choice is that. */
  void chunk(Buffer out, String choice) {
    out.appendBytes(start).appendString(choice).appendBytes(end);
  }

  /** Appends the usage chunk if it was asked for, and {@code [DONE]}. */
  void end(Buffer out, Usage usage) {
    if (includeUsage) {
      out.appendBytes(start)
          .appendString("],\"usage\":" + UsageJson.of(usage) + "}")
          .appendBytes(END);
    }
    out.appendBytes(DONE);
  }

  /** Appends the frame that tells of a failure; nothing follows it, {@code [DONE]} neither. */
  static void failure(Buffer out, Failure failure) {
    out.appendBytes(DATA).appendBuffer(OpenAiError.of(failure).json()).appendBytes(END);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
