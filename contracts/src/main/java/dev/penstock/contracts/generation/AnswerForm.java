package dev.penstock.contracts.generation;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an answer may be made of, what is told of it beside its text, and what it may leave out of
 * account. Sampling is {@link GenerationOptions}'.
 *
 * @param tools what the model may call; empty for none. Where it is not, the generation may yield
 *     {@code Called}
 * @param logprobs how many alternatives are told for each token, 0 to 20, with the token's own log
 *     probability; null for neither. Where it is set, text comes as {@code Scored} from an upstream
 *     that can
 * @param thoughts whether the client is shown what the model thinks; else no {@code Thought} comes
 * @param truncates whether the oldest messages may be left out where all of them are more than the
 *     model can read; else that is {@code context_length_exceeded}
 */
public record AnswerForm(
    @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Tool> tools,
    ToolChoice toolChoice,
    ResponseFormat format,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Integer logprobs,
    boolean thoughts,
    boolean truncates) {

  /** Text and nothing else. */
  public static final AnswerForm PLAIN =
      new AnswerForm(List.of(), ToolChoice.AUTO, ResponseFormat.TEXT, null, false, false);

  public AnswerForm {
    tools = Lists.orEmpty(tools);
    toolChoice = toolChoice == null ? ToolChoice.AUTO : toolChoice;
    format = format == null ? ResponseFormat.TEXT : format;
  }

  /** The tools the model is told of: none where none may be called. */
  public List<Tool> offeredTools() {
    return toolChoice instanceof ToolChoice.None ? List.of() : tools;
  }

  /** The same with other tools. */
  public AnswerForm withTools(List<Tool> offered, ToolChoice choice) {
    return new AnswerForm(offered, choice, format, logprobs, thoughts, truncates);
  }

  /** The same in another format. */
  public AnswerForm withFormat(ResponseFormat wanted) {
    return new AnswerForm(tools, toolChoice, wanted, logprobs, thoughts, truncates);
  }

  /** The same with another number of alternatives told per token; null for no probabilities. */
  public AnswerForm withLogprobs(@Nullable Integer alternatives) {
    return new AnswerForm(tools, toolChoice, format, alternatives, thoughts, truncates);
  }

  /** The same with or without the model's thoughts. */
  public AnswerForm withThoughts(boolean shown) {
    return new AnswerForm(tools, toolChoice, format, logprobs, shown, truncates);
  }

  /** The same where the oldest messages may be left out, or not. */
  public AnswerForm withTruncation(boolean allowed) {
    return new AnswerForm(tools, toolChoice, format, logprobs, thoughts, allowed);
  }
}
