package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code store}, {@code background}, {@code previous_response_id} and {@code conversation},
 * an id or {@code {"id"}} (openai-api.md section 8.1).
 */
final class KeepingDecoder {
  private static final String UNKEPT =
      "with store false nothing is read from the store either; send the input as a whole";

  private KeepingDecoder() {}

  /** How the response is kept; null where it is not. */
  static @Nullable Keeping decode(Members members) {
    var background = members.flag("background");
    var previous = members.text("previous_response_id");
    var conversation = conversation(members.find("conversation"));
    if (!members.flag("store", true)) {
      refuse(background, "background", "a response that is not kept ends with its reader");
      refuse(previous != null, "previous_response_id", UNKEPT);
      refuse(conversation != null, "conversation", UNKEPT);
      return null;
    }
    if (previous != null && conversation != null) {
      throw Members.invalid("previous_response_id", "absent where there is a conversation");
    }
    return new Keeping(
        background,
        previous == null ? null : id(PrefixedId.RESPONSE, previous, "previous_response_id"),
        conversation == null ? null : id(PrefixedId.CONVERSATION, conversation, "conversation"));
  }

  private static void refuse(boolean given, String param, String reason) {
    if (given) {
      throw Members.unsupported(param, reason);
    }
  }

  private static @Nullable String conversation(@Nullable JsonNode given) {
    if (given == null) {
      return null;
    }
    var id = given.isObject() ? given.path("id") : given;
    if (!id.isTextual()) {
      throw Members.invalid("conversation", "an id, or an object with one");
    }
    return id.textValue();
  }

  private static UUID id(String prefix, String text, String param) {
    return PrefixedId.read(prefix, text).orElseThrow(() -> new OpenAiException(unknown(param)));
  }

  /** What is answered where the member names nothing of the caller's. */
  static OpenAiError unknown(String param) {
    var what = param.equals("conversation") ? "conversation" : "response";
    return new OpenAiError(404, null, "There is no such " + what + ".", param, null, false);
  }
}
