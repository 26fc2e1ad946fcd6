package dev.penstock.gateway.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.GenerationOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads the body of {@code POST /v1/chat/completions} (openai-api.md section 4.1). Unknown members
 * are ignored, since clients add their own; {@code include_reasoning}, which asks for the model's
 * thoughts, is such a one and read.
 */
final class ChatCompletionDecoder {
  private static final int MAX_ALTERNATIVES = 20;

  private ChatCompletionDecoder() {}

  /** Throws {@link OpenAiException} that names the first member at fault. */
  static ChatCompletion decode(JsonNode body) {
    var members = SharedMembers.of(body);
    var model = SharedMembers.model(members);
    var messages = MessagesDecoder.decode(members.find("messages"));
    refuseWhatIsNotOffered(members);
    SharedMembers.checkMetadata(members.find("metadata"));
    var stream = members.flag("stream");
    return new ChatCompletion(
        model,
        messages,
        options(members),
        form(members),
        !members.flag("parallel_tool_calls", true),
        stream,
        SharedMembers.includeUsage(members, stream),
        SharedMembers.affinity(members));
  }

  private static GenerationOptions options(Members members) {
    var bound = members.integer("max_completion_tokens", 1, Integer.MAX_VALUE);
    var deprecatedBound = members.integer("max_tokens", 1, Integer.MAX_VALUE);
    return SamplingDecoder.decode(
        members,
        bound != null ? bound : deprecatedBound,
        SharedMembers.think(members.text("reasoning_effort"), "reasoning_effort"));
  }

  private static AnswerForm form(Members members) {
    var tools = ToolsDecoder.tools(members.find("tools"));
    return new AnswerForm(
        tools,
        ToolsDecoder.choice(members.find("tool_choice"), tools),
        FormatDecoder.decode(members.find("response_format")),
        logprobs(members),
        members.flag("include_reasoning"),
        false);
  }

  private static @Nullable Integer logprobs(Members members) {
    var asked = members.flag("logprobs");
    var alternatives = members.integer("top_logprobs", 0, MAX_ALTERNATIVES);
    if (!asked && alternatives != null && alternatives > 0) {
      throw Members.invalid("top_logprobs", "absent unless logprobs is true");
    }
    return asked ? Objects.requireNonNullElse(alternatives, 0) : null;
  }

  private static void refuseWhatIsNotOffered(Members members) {
    members.flag("store");
    members.text("service_tier");
    SharedMembers.refuseSeveralAnswers(members);
    SharedMembers.refuseUnless(
        members, "functions", SharedMembers::emptyContainer, "offer tools instead");
    SharedMembers.refuseUnless(members, "function_call", _ -> false, "use tool_choice instead");
    SharedMembers.refuseBiases(members);
    SharedMembers.refuseUnless(members, "audio", _ -> false, "answers are text");
    SharedMembers.refuseUnless(
        members,
        "modalities",
        asked -> asked.size() == 1 && asked.get(0).asText().equals("text"),
        "answers are text");
  }
}
