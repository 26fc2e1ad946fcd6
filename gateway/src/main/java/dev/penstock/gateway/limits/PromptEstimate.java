package dev.penstock.gateway.limits;

import dev.penstock.contracts.generation.ChatMessage;
import java.util.List;

/** Tokens of a prompt before the model server counts them. */
public final class PromptEstimate {
  private static final int CHARS_PER_TOKEN = 4;

  /** What Gemma makes of a picture, whatever its size. */
  private static final int TOKENS_PER_IMAGE = 256;

  private PromptEstimate() {}

  /** About so many tokens are in the messages. */
  public static long of(List<ChatMessage> messages) {
    var chars = 0L;
    var images = 0L;
    for (var message : messages) {
      chars += message.text().length();
      for (var call : message.toolCalls()) {
        chars += call.arguments().length();
      }
      images += message.images().size();
    }
    return Math.ceilDiv(chars, CHARS_PER_TOKEN) + images * TOKENS_PER_IMAGE;
  }

  /** About so many tokens are in the texts. */
  static long ofTexts(List<String> texts) {
    var chars = texts.stream().mapToLong(String::length).sum();
    return Math.ceilDiv(chars, CHARS_PER_TOKEN);
  }

  /** About so many tokens are in one piece of an answer; usually it is one token. */
  static int ofPiece(int chars) {
    return chars <= CHARS_PER_TOKEN * CHARS_PER_TOKEN ? 1 : Math.ceilDiv(chars, CHARS_PER_TOKEN);
  }
}
