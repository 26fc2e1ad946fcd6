package dev.penstock.gateway.gemini;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.gateway.answer.StreamEncoder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A streamed answer in chunks that chat helpers keep: every one has a part that is not empty, and
 * the last has the finish reason and the counts (gemini-api.md section 5.2). For that the end of
 * what came last is held back, of text one character, until it is known what follows.
 */
final class ContentStreamEncoder implements StreamEncoder {
  /** No word of an enum is longer. */
  private static final int MAX_ENUM_CHARS = 4 * 1024;

  private final ChunkEncoder chunks;
  private final Framing framing;
  private final StringBuilder enumText = new StringBuilder();
  private boolean isEnum;
  private boolean spoke;
  private @Nullable Part held;
  private List<TokenLogprob> heldScores = List.of();

  /**
   * @param isEnum whether the text is a JSON string of which the client wants what it says
   */
  ContentStreamEncoder(AnswerNames names, Framing framing, boolean isEnum) {
    this.chunks = new ChunkEncoder(names);
    this.framing = framing;
    this.isEnum = isEnum;
  }

  @Override
  public void refuse(HttpServerResponse response, Failure failure) {
    GeminiError.of(failure).answer(response);
  }

  @Override
  public void head(HttpServerResponse response) {
    response
        .setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, framing.contentType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, no-store, no-transform")
        .putHeader("X-Accel-Buffering", "no")
        .putHeader("X-Content-Type-Options", "nosniff");
  }

  @Override
  public void text(Buffer out, String piece) {
    var text = isEnum ? untilTooLong(piece) : piece;
    if (!text.isEmpty()) {
      words(out, text, false);
    }
  }

  @Override
  public void thought(Buffer out, String piece) {
    words(out, piece, true);
  }

  @Override
  public void scored(Buffer out, String text, List<TokenLogprob> logprobs) {
    if (text.isEmpty()) {
      // Part of a character: told with the text that completes it, or with what came before.
      heldScores = joined(heldScores, logprobs);
      return;
    }
    if (held == null) {
      heldScores = joined(heldScores, logprobs);
    } else {
      release(out);
      heldScores = logprobs;
    }
    held = new Part.Words(text, false);
  }

  @Override
  public void called(Buffer out, List<ToolCall> calls) {
    release(out);
    held = new Part.Calls(calls);
  }

  @Override
  public void finished(Buffer out, GenerationEvent.Finished end) {
    if (isEnum && !enumText.isEmpty()) {
      release(out);
      held = new Part.Words(EnumText.of(enumText.toString()), false);
    }
    framing.open(out);
    if (held == null && !spoke && isBlocked(end)) {
      chunks.blocked(out, end.usage());
    } else {
      var last = held == null ? new Part.Words("", false) : held;
      chunks.chunk(out, List.of(last), heldScores, new ChunkEncoder.End(end.reason(), end.usage()));
    }
    framing.close(out);
    framing.end(out);
  }

  @Override
  public void failed(Buffer out, Failure failure) {
    release(out);
    framing.fail(out, failure);
  }

  @Override
  public @Nullable Buffer failedAgain(Failure failure) {
    return framing.failAgain(failure);
  }

  /** None: more than half of this dialect's clients break on a comment (section 5.1). */
  @Override
  public @Nullable Buffer keepAlive() {
    return null;
  }

  /** An upstream that withheld all without a token made it saw only the prompt. */
  static boolean isBlocked(GenerationEvent.Finished end) {
    return end.reason() == FinishReason.CONTENT_FILTER && end.usage().outputTokens() == 0;
  }

  private void words(Buffer out, String piece, boolean areThoughts) {
    var before = "";
    if (held instanceof Part.Words(var end, var thought)
        && thought == areThoughts
        && heldScores.isEmpty()) {
      before = end;
    } else {
      release(out);
    }
    var last = piece.offsetByCodePoints(piece.length(), -1);
    var ready = before.concat(piece.substring(0, last));
    if (!ready.isEmpty()) {
      write(out, new Part.Words(ready, areThoughts));
    }
    held = new Part.Words(piece.substring(last), areThoughts);
  }

  private void release(Buffer out) {
    if (held != null) {
      write(out, held);
      held = null;
      heldScores = List.of();
    }
  }

  private void write(Buffer out, Part part) {
    framing.open(out);
    if (part instanceof Part.Words(var text, var thought) && !thought && heldScores.isEmpty()) {
      chunks.text(out, text);
    } else {
      chunks.chunk(out, List.of(part), heldScores, null);
    }
    framing.close(out);
    spoke = true;
  }

  /** Nothing while the text may still be a word of the enum, all of it once it cannot. */
  private String untilTooLong(String piece) {
    enumText.append(piece);
    if (enumText.length() <= MAX_ENUM_CHARS) {
      return "";
    }
    isEnum = false;
    return enumText.toString();
  }

  private static List<TokenLogprob> joined(List<TokenLogprob> some, List<TokenLogprob> more) {
    if (some.isEmpty()) {
      return more;
    }
    var joined = new ArrayList<>(some);
    joined.addAll(more);
    return joined;
  }
}
