package dev.penstock.proxy.generate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.proxy.exchange.AnswerDecoder;
import dev.penstock.proxy.generation.AnswerListener;
import dev.penstock.proxy.generation.AnswerText;
import dev.penstock.proxy.generation.Completion;
import dev.penstock.proxy.generation.Setback;
import io.vertx.core.buffer.Buffer;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the answer of {@code POST /generate}, one document: {@code {"predictions":[text]}}, or
 * {@code {"text":[text]}} from vLLM itself. The text repeats the prompt, as it was sent or as
 * {@code Prompt:\n…\nOutput:\n…}, and may run into a next turn, where it is cut.
 *
 * <p>The document is whole or the answer is broken. The server counts no tokens and does not say
 * why it ended, so every end is {@code STOP}.
 */
final class GenerateDecoder implements AnswerDecoder {
  private static final String OUTPUT = "Output:\n";

  private final AnswerListener listener;
  private final String prompt;
  private final Buffer document = Buffer.buffer();
  private boolean over;

  /**
   * A document that has not begun.
   *
   * @param prompt as it was sent
   */
  GenerateDecoder(AnswerListener listener, String prompt) {
    this.listener = listener;
    this.prompt = prompt;
  }

  @Override
  public void feed(Buffer piece) {
    if (over) {
      return;
    }
    if (document.length() + piece.length() > MAX_CHUNK_BYTES) {
      breakOff(FailureCode.UPSTREAM_PROTOCOL, "The model server sent an answer that is too long.");
    } else {
      document.appendBuffer(piece);
      listener.heard();
    }
  }

  @Override
  public void end() {
    if (over) {
      return;
    }
    try {
      var text = text(Wire.JSON.readTree(document.toString()));
      if (text == null) {
        unintelligible();
      } else {
        finish(answer(text));
      }
    } catch (JsonEOFException e) {
      truncated();
    } catch (JsonProcessingException e) {
      unintelligible();
    }
  }

  @Override
  public int chunks() {
    return document.length() == 0 ? 0 : 1;
  }

  /** The answer inside the text that the server gives. */
  private String answer(String text) {
    var repeated = "Prompt:\n" + prompt.strip() + "\n" + OUTPUT;
    var answer = text;
    if (text.startsWith(repeated)) {
      answer = text.substring(repeated.length());
    } else if (text.startsWith(prompt)) {
      answer = text.substring(prompt.length());
      answer = answer.startsWith(OUTPUT) ? answer.substring(OUTPUT.length()) : answer;
    }
    return before(GemmaPrompt.END, before(GemmaPrompt.START, answer));
  }

  private static String before(String mark, String text) {
    var at = text.indexOf(mark);
    return at < 0 ? text : text.substring(0, at);
  }

  private static @Nullable String text(@Nullable JsonNode root) {
    if (root == null) {
      return null;
    }
    var texts = root.has("predictions") ? root.path("predictions") : root.path("text");
    return texts.path(0).isTextual() ? texts.path(0).asText() : null;
  }

  private void finish(String answer) {
    var text = new AnswerText(listener);
    text.say(answer);
    text.end();
    over = true;
    listener.finished(new Completion(FinishReason.STOP, null, null, 0, null, null));
  }

  private void truncated() {
    breakOff(
        FailureCode.UPSTREAM_TRUNCATED, "The model server ended its answer too early; try again.");
  }

  private void unintelligible() {
    if (document.toString().isBlank()) {
      truncated();
    } else {
      breakOff(
          FailureCode.UPSTREAM_PROTOCOL,
          "The model server sent something that cannot be understood; try again.");
    }
  }

  private void breakOff(FailureCode code, String detail) {
    over = true;
    listener.broke(Setback.failed(code, detail));
  }
}
