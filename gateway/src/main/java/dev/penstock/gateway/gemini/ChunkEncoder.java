package dev.penstock.gateway.gemini;

import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.wire.JsonString;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes the response objects of one answer (gemini-api.md section 4), {@code
 * {"candidates":[{"content":{"parts":[…],"role":"model"},"index":0}],"modelVersion":…,
 * "responseId":…}}. Everything but the text is encoded once.
 */
final class ChunkEncoder {
  /** Why an answer ended, and what it took. */
  record End(FinishReason reason, Usage usage) {}

  private static final byte[] START = utf8("{\"candidates\":[{\"content\":{\"parts\":[");
  private static final byte[] TEXT_START =
      utf8("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":");
  private static final String CONTENT_END = "],\"role\":\"model\"}";

  private final AnswerNames names;
  private final byte[] textEnd;
  private final byte[] end;

  ChunkEncoder(AnswerNames names) {
    this.names = names;
    this.end = names(Buffer.buffer().appendString(",\"modelVersion\":")).getBytes();
    this.textEnd = Buffer.buffer("}" + CONTENT_END + ",\"index\":0}]").appendBytes(end).getBytes();
  }

  /** Appends a chunk of text before the last. */
  void text(Buffer out, String text) {
    JsonString.append(out.appendBytes(TEXT_START), text).appendBytes(textEnd);
  }

  /**
   * Appends any chunk.
   *
   * @param parts never empty
   * @param scores the probabilities of the parts' tokens; empty for none
   * @param last null in every chunk but the last
   */
  void chunk(Buffer out, List<Part> parts, List<TokenLogprob> scores, @Nullable End last) {
    out.appendBytes(START);
    for (var i = 0; i < parts.size(); i++) {
      if (i > 0) {
        out.appendString(",");
      }
      parts.get(i).append(out);
    }
    candidateEnd(out.appendString(CONTENT_END), scores, last);
  }

  /** Appends the one object of an answer that holds nothing: its content has no parts. */
  void nothing(Buffer out, End last) {
    candidateEnd(
        out.appendString("{\"candidates\":[{\"content\":{\"role\":\"model\"}"), List.of(), last);
  }

  /** Appends the one object of an answer to a prompt that the upstream has blocked. */
  void blocked(Buffer out, Usage usage) {
    out.appendString("{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":")
        .appendString(UsageJson.of(usage, names.isText()))
        .appendBytes(end);
  }

  private void candidateEnd(Buffer out, List<TokenLogprob> scores, @Nullable End last) {
    if (last != null) {
      out.appendString(",\"finishReason\":\"" + FinishReasons.of(last.reason()) + "\"");
    }
    out.appendString(",\"index\":0");
    if (!scores.isEmpty()) {
      out.appendString(",\"logprobsResult\":" + LogprobsJson.of(scores));
    }
    out.appendString("}]");
    if (last != null) {
      out.appendString(",\"usageMetadata\":" + UsageJson.of(last.usage(), names.isText()));
    }
    out.appendBytes(end);
  }

  private Buffer names(Buffer out) {
    return JsonString.append(out, names.modelVersion())
        .appendString(",\"responseId\":\"" + names.responseId() + "\"}");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
