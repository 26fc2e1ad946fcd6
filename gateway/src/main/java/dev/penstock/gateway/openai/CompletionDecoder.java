package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.turn.StorableText;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/completions} (openai-api.md section 6). Unknown members are
 * ignored.
 */
final class CompletionDecoder {
  private static final int DEFAULT_MAX_TOKENS = 16;
  private static final String ONE_PROMPT = "one prompt as a string, not empty";

  private CompletionDecoder() {}

  /** Throws {@link OpenAiException} that names the first member at fault. */
  static Completion decode(JsonNode body) {
    var members = SharedMembers.of(body);
    var model = SharedMembers.model(members);
    var prompt = prompt(members.find("prompt"));
    refuseWhatIsNotOffered(members);
    var bound = members.integer("max_tokens", 1, Integer.MAX_VALUE);
    var stream = members.flag("stream");
    return new Completion(
        model,
        prompt,
        SamplingDecoder.decode(
            members, Objects.requireNonNullElse(bound, DEFAULT_MAX_TOKENS), null),
        stream,
        SharedMembers.includeUsage(members, stream),
        SharedMembers.affinity(members));
  }

  private static String prompt(@Nullable JsonNode prompt) {
    if (prompt == null) {
      throw Members.invalid("prompt", ONE_PROMPT);
    }
    if (prompt.isArray() && prompt.size() > 1) {
      throw Members.unsupported("prompt", "one prompt per request, and as text");
    }
    var text = prompt.isArray() ? prompt.path(0) : prompt;
    if (text.isNumber() || text.isArray()) {
      throw Members.unsupported("prompt", "send the prompt as text, not as tokens");
    }
    if (!text.isTextual() || text.textValue().isEmpty()) {
      throw Members.invalid("prompt", ONE_PROMPT);
    }
    return StorableText.of(text.textValue());
  }

  private static void refuseWhatIsNotOffered(Members members) {
    SharedMembers.refuseSeveralAnswers(members);
    var best = members.integer("best_of", 1, 20);
    if (best != null && best > 1) {
      throw Members.unsupported("best_of", "one answer per request");
    }
    if (members.flag("echo")) {
      throw Members.unsupported("echo", "the prompt is not repeated");
    }
    if (members.integer("logprobs", 0, 5) != null) {
      throw Members.unsupported("logprobs", "ask for chat completions to see probabilities");
    }
    SharedMembers.refuseUnless(
        members,
        "suffix",
        suffix -> suffix.isTextual() && suffix.textValue().isEmpty(),
        "text is not inserted before other text");
    SharedMembers.refuseBiases(members);
  }
}
