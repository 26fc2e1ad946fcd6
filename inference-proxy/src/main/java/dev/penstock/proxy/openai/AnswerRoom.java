package dev.penstock.proxy.openai;

import dev.penstock.proxy.generation.Prompt;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How much an answer may have. vLLM and TGI refuse a request whose prompt fits but whose {@code
 * max_tokens} do not fit beside it, and say how long the prompt is; others cut the answer, as we
 * then do.
 */
final class AnswerRoom {
  /** The context's length, then the prompt's: vLLM's wordings from old to new, and TGI's. */
  private static final List<Pattern> WORDINGS =
      List.of(
          Pattern.compile(
              "maximum context length is (\\d+) tokens\\. However, you requested \\d+ tokens"
                  + " \\((\\d+) in the messages"),
          Pattern.compile(
              "maximum context length is (\\d+) tokens.{0,30}? has (\\d+) input tokens"),
          Pattern.compile(
              "`inputs` tokens \\+ `max_new_tokens` must be <= (\\d+)\\. Given: (\\d+) `inputs`"));

  private AnswerRoom() {}

  /** The prompt with as many tokens as there is room for; null where that is not the trouble. */
  static @Nullable Prompt fitting(Prompt prompt, int status, String error) {
    if (status != 400 && status != 422) {
      return null;
    }
    for (var wording : WORDINGS) {
      var found = wording.matcher(error);
      if (found.find()) {
        var room = Long.parseLong(found.group(1)) - Long.parseLong(found.group(2));
        return room > 0 && room < prompt.maxTokens()
            ? prompt.withMaxTokens(Math.toIntExact(room))
            : null;
      }
    }
    return null;
  }

  /** The request for that prompt, or null. */
  static @Nullable Buffer request(Prompt prompt, int status, String error) {
    var fitting = fitting(prompt, status, error);
    return fitting == null ? null : ChatCompletionRequest.chat(fitting);
  }
}
