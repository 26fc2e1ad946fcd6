package dev.penstock.gateway.ollama;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code context} of {@code /api/generate}: numbers that a client sends back to go on with the
 * conversation. Ollama puts tokens in them, which no gateway has; here they are the conversation
 * itself, so that nothing has to be kept: a mark, the length in bytes, then three bytes of UTF-8 in
 * each. A message is the letter of its role, its text and U+0000. Images are not carried on.
 */
final class PromptContext {
  /** "pen", as bytes. */
  private static final int MARK = 0x70656E;

  private static final char END = '\0';
  private static final int HEAD = 2;
  private static final int PACKED = 3;

  private PromptContext() {}

  /** The numbers of a conversation and the answer to it. */
  static int[] encode(List<ChatMessage> conversation, String answer) {
    var text = new StringBuilder();
    for (var message : conversation) {
      text.append(letter(message.role())).append(message.text()).append(END);
    }
    var utf8 =
        text.append(letter(Role.ASSISTANT))
            .append(answer)
            .append(END)
            .toString()
            .getBytes(StandardCharsets.UTF_8);
    var numbers = new int[HEAD + Math.ceilDiv(utf8.length, PACKED)];
    numbers[0] = MARK;
    numbers[1] = utf8.length;
    for (var at = 0; at < utf8.length; at++) {
      numbers[HEAD + at / PACKED] |= (utf8[at] & 0xFF) << shift(at);
    }
    return numbers;
  }

  /**
   * The conversation in the numbers; empty for none.
   *
   * @throws OllamaException 400 for numbers that this class did not make
   */
  static List<ChatMessage> decode(Iterable<JsonNode> context) {
    var numbers = new ArrayList<Integer>();
    for (var number : context) {
      if (!number.isIntegralNumber() || !number.canConvertToInt()) {
        throw foreign();
      }
      numbers.add(number.intValue());
    }
    return numbers.isEmpty() ? List.of() : messages(text(numbers));
  }

  private static String text(List<Integer> numbers) {
    if (numbers.size() < HEAD
        || numbers.get(0) != MARK
        || numbers.get(1) < 0
        || numbers.size() != HEAD + Math.ceilDiv(numbers.get(1), PACKED)) {
      throw foreign();
    }
    var utf8 = new byte[numbers.get(1)];
    for (var at = 0; at < utf8.length; at++) {
      utf8[at] = (byte) (numbers.get(HEAD + at / PACKED) >> shift(at));
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw foreign();
    }
  }

  private static List<ChatMessage> messages(String text) {
    var messages = new ArrayList<ChatMessage>();
    var from = 0;
    while (from < text.length()) {
      var end = text.indexOf(END, from);
      if (end < 0) {
        throw foreign();
      }
      messages.add(
          new ChatMessage(role(text.charAt(from)), text.substring(Math.min(from + 1, end), end)));
      from = end + 1;
    }
    return List.copyOf(messages);
  }

  private static int shift(int at) {
    return 8 * (PACKED - 1 - at % PACKED);
  }

  private static char letter(Role role) {
    return switch (role) {
      case SYSTEM -> 's';
      case USER -> 'u';
      case ASSISTANT -> 'a';
      case TOOL -> 't';
    };
  }

  private static Role role(char letter) {
    return switch (letter) {
      case 's' -> Role.SYSTEM;
      case 'u' -> Role.USER;
      case 'a' -> Role.ASSISTANT;
      default -> throw foreign();
    };
  }

  private static OllamaException foreign() {
    return OllamaException.badRequest("context must be what an answer of this server held");
  }
}
