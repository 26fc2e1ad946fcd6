package dev.penstock.proxy.trace;

import io.opentelemetry.api.common.AttributeKey;
import java.util.List;

/**
 * The names of a generation's span, all in one place: the convention is under development, and its
 * names still change.
 *
 * @see <a href="https://github.com/open-telemetry/semantic-conventions-genai">GenAI conventions</a>
 */
final class GenAi {
  static final AttributeKey<String> OPERATION = text("gen_ai.operation.name");
  static final AttributeKey<String> PROVIDER = text("gen_ai.provider.name");
  static final AttributeKey<String> CONVERSATION = text("gen_ai.conversation.id");
  static final AttributeKey<String> OUTPUT_TYPE = text("gen_ai.output.type");

  static final AttributeKey<String> REQUEST_MODEL = text("gen_ai.request.model");
  static final AttributeKey<Boolean> STREAM = AttributeKey.booleanKey("gen_ai.request.stream");
  static final AttributeKey<Long> MAX_TOKENS = count("gen_ai.request.max_tokens");
  static final AttributeKey<Double> TEMPERATURE = number("gen_ai.request.temperature");
  static final AttributeKey<Double> TOP_P = number("gen_ai.request.top_p");
  static final AttributeKey<Double> TOP_K = number("gen_ai.request.top_k");
  static final AttributeKey<Long> SEED = count("gen_ai.request.seed");
  static final AttributeKey<List<String>> STOP =
      AttributeKey.stringArrayKey("gen_ai.request.stop_sequences");
  static final AttributeKey<Double> FREQUENCY_PENALTY = number("gen_ai.request.frequency_penalty");
  static final AttributeKey<Double> PRESENCE_PENALTY = number("gen_ai.request.presence_penalty");
  static final AttributeKey<Long> DIMENSIONS = count("gen_ai.embeddings.dimension.count");

  static final AttributeKey<String> RESPONSE_MODEL = text("gen_ai.response.model");
  static final AttributeKey<List<String>> FINISH_REASONS =
      AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
  static final AttributeKey<Double> FIRST_CHUNK = number("gen_ai.response.time_to_first_chunk");
  static final AttributeKey<Long> INPUT_TOKENS = count("gen_ai.usage.input_tokens");
  static final AttributeKey<Long> OUTPUT_TOKENS = count("gen_ai.usage.output_tokens");
  static final AttributeKey<Long> CACHED_TOKENS = count("gen_ai.usage.cache_read.input_tokens");
  static final AttributeKey<Long> THOUGHT_TOKENS = count("gen_ai.usage.reasoning.output_tokens");

  /** What was said: only where the operator asks for it. */
  static final AttributeKey<String> INSTRUCTIONS = text("gen_ai.system_instructions");

  static final AttributeKey<String> INPUT = text("gen_ai.input.messages");
  static final AttributeKey<String> OUTPUT = text("gen_ai.output.messages");
  static final AttributeKey<String> TOOLS = text("gen_ai.tool.definitions");

  static final AttributeKey<String> SERVER_ADDRESS = text("server.address");
  static final AttributeKey<Long> SERVER_PORT = count("server.port");
  static final AttributeKey<String> ERROR_TYPE = text("error.type");

  /** Ours: the upstream's configured name, which try this is, and time spent before it, in s. */
  static final AttributeKey<String> UPSTREAM = text("penstock.upstream");

  static final AttributeKey<Long> TRY = count("penstock.try");
  static final AttributeKey<Double> QUEUED = number("penstock.queue.duration");
  static final AttributeKey<Double> LOADED = number("penstock.load.duration");
  static final AttributeKey<Boolean> ESTIMATED =
      AttributeKey.booleanKey("penstock.usage.estimated");

  private GenAi() {}

  private static AttributeKey<String> text(String name) {
    return AttributeKey.stringKey(name);
  }

  private static AttributeKey<Long> count(String name) {
    return AttributeKey.longKey(name);
  }

  private static AttributeKey<Double> number(String name) {
    return AttributeKey.doubleKey(name);
  }
}
