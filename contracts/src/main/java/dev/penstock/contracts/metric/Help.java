package dev.penstock.contracts.metric;

/** What each metric measures, in one line without a full stop. */
final class Help {
  private Help() {}

  static String of(Metric metric) {
    return switch (metric) {
      case GEN_AI_SERVER_REQUEST_DURATION ->
          "Accepted request to the last of its answer, or to its failure";
      case GEN_AI_SERVER_TIME_TO_FIRST_TOKEN ->
          "Accepted request to the first token of an answer that succeeded, queue and prefill included";
      case GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN ->
          "Time between two tokens after the first, on average over an answer that succeeded";
      case GEN_AI_CLIENT_OPERATION_DURATION ->
          "Prompt sent to a model server to the end of its answer, or to its failure; each attempt counts";
      case GEN_AI_CLIENT_TIME_TO_FIRST_CHUNK ->
          "Prompt sent to a model server to the first chunk of its answer";
      case GEN_AI_CLIENT_TIME_PER_OUTPUT_CHUNK -> "Time between two chunks of a model server";
      case GEN_AI_CLIENT_TOKEN_USAGE ->
          "Tokens of one answer as the model server counted them; nothing where it did not count";
      case CHAT_OVERHEAD ->
          "Time added by this service: until the request goes on, to the first byte of the answer, and to each write of it";
      case CHAT_INTER_FRAME_GAP -> "Time between two writes of one stream";
      case CHAT_QUEUE_DEPTH -> "Generations that wait for a slot";
      case CHAT_QUEUE_BYTES -> "Text of the prompts that wait for a slot";
      case CHAT_QUEUE_WAIT -> "Time in the queue, by what became of it";
      case CHAT_SLOTS_IN_USE -> "Generations that hold a slot of a model server";
      case CHAT_SLOTS -> "Generations a model server runs at once";
      case CHAT_AFFINITY ->
          "Slots lent, by whether the server is the one that holds the conversation's prefix";
      case CHAT_STREAMS_ACTIVE -> "Streams under way; detached ones are generated with no reader";
      case CHAT_STREAM_FRAMES -> "Writes to streams";
      case CHAT_STREAM_BYTES -> "Bytes written to streams";
      case CHAT_STREAM_END -> "Streams that ended, by how";
      case CHAT_BACKPRESSURE_PAUSED ->
          "How long reading was stopped because the next hop did not take what there was";
      case CHAT_BUFFERED_BYTES ->
          "What waits for readers in this process: all of it, and the most of one stream";
      case CHAT_CANCEL -> "A client's act to the closed connection behind this service";
      case CHAT_RESUME -> "Streams that were taken up again, by what could be sent";
      case CHAT_LIMITED -> "Requests refused because a limit of their caller's was used up";
      case CHAT_RESUME_REPLAYED_EVENTS -> "Events a resumed stream had missed";
      case CHAT_IDEMPOTENT -> "Turns asked for, by what their idempotency key led to";
      case CHAT_TURN_COMMIT ->
          "A transaction that stores a part of a turn, the wait for a connection included";
      case CHAT_UPSTREAM_LOAD ->
          "Time a model server took until a model was there to run, by its own count";
      case CHAT_UPSTREAM_PREFILL -> "Time over a prompt, by the model server's own count";
      case CHAT_UPSTREAM_DECODE -> "Time over an answer, by the model server's own count";
      case CHAT_UPSTREAM_UNEXPLAINED ->
          "What is left of a model server's total: its hidden queue, and what it does beside";
      case CHAT_UPSTREAM_PREFILL_PER_TOKEN ->
          "Prefill time per token of the prompt; collapses where the prefix was held";
      case CHAT_TOKENS -> "Tokens in and out; estimated where the model server did not count";
      case VLLM_RUNNING ->
          "Slots in use of all model servers behind this proxy; vLLM itself is not measured here";
      case VLLM_WAITING ->
          "Generations waiting in this proxy's queue; vLLM itself is not measured here";
      case VLLM_CACHE_USAGE ->
          "Slots in use divided by all slots, 0 to 1; no key-value cache is measured here";
      case HTTP_SERVER_DURATION ->
          "Request received to response sent; for a stream that is how long it was open";
      case HTTP_SERVER_ACTIVE -> "Requests being answered";
      case HTTP_CLIENT_DURATION ->
          "Request sent to response received; for a stream that is how long it was open";
      case GATEWAY_STATELESS_ANSWERS -> "Stateless answers under way";
      case GATEWAY_LIMITED_CALLERS ->
          "Keys, people and tenants with limits that took something of them lately";
      case GATEWAY_KEYS_KNOWN ->
          "API keys looked up in the last 30 s, and ids without a key of the last 10 s";
      case GATEWAY_KEY_LOOKUPS -> "Look-ups of API keys under way";
      case GATEWAY_STORE_CALLS ->
          "Calls to session-service that wait for a connection or an answer";
      case GATEWAY_TURNS_OWNED ->
          "Turns this instance generates, and ended ones that still have readers";
      case GATEWAY_TURN_READERS -> "Connections that read turns this instance owns";
      case GATEWAY_TURNS_FOLLOWED -> "Turns read through the token log";
      case GATEWAY_TURN_FOLLOWERS -> "Connections that read followed turns";
      case GATEWAY_LOG_UNFLUSHED -> "Text of owned turns that is not in the token log yet";
      case GATEWAY_LOG_FLUSHING -> "Whether a flush of the token log is under way";
      case GATEWAY_LOG_POLLING -> "Whether a poll of the token log is under way";
      case SESSIONS_EXPIRED -> "Conversations deleted because nobody went on with them in time";
      case DB_POOL_CONNECTIONS -> "Open connections";
      case DB_POOL_BUSY -> "Connections at work";
      case DB_POOL_WAITING -> "Requests waiting for a connection";
      case PROCESS_CPU -> "User and system time of this process";
      case PROCESS_RESIDENT -> "Resident memory of this process";
      case PROCESS_OPEN_FDS -> "Open file descriptors, sockets included";
      case PROCESS_MAX_FDS -> "File descriptors this process may open";
      case PROCESS_START -> "When this process began, in seconds of Unix time";
      case JVM_MEMORY_USED -> "Memory of the JVM in use";
      case JVM_MEMORY_COMMITTED -> "Memory the JVM has taken";
      case JVM_MEMORY_MAX -> "Memory the JVM may take; -1 where there is no bound";
      case JVM_GC -> "Time in collections of garbage, and their number";
      case JVM_THREADS -> "Platform threads";
    };
  }
}
