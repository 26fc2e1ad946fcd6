package dev.penstock.contracts.metric;

import static dev.penstock.contracts.metric.Metric.Exporter.GATEWAY;
import static dev.penstock.contracts.metric.Metric.Exporter.PROCESS;
import static dev.penstock.contracts.metric.Metric.Exporter.PROXY;
import static dev.penstock.contracts.metric.Metric.Exporter.SESSIONS;
import static dev.penstock.contracts.metric.Metric.Type.COUNTER;
import static dev.penstock.contracts.metric.Metric.Type.GAUGE;
import static dev.penstock.contracts.metric.Metric.Type.HISTOGRAM;
import static dev.penstock.contracts.metric.Metric.Type.SUMMARY;

import java.util.List;
import java.util.Locale;

/**
 * Every metric of ours, under the name it has on the metrics page: OpenTelemetry's where there is
 * one, with dots as underscores, else {@code chat_}.
 *
 * <p>Durations are in seconds and sizes in bytes. A metric has a bounded number of sets of labels;
 * what comes beyond is counted together, under {@code _other}.
 */
@SuppressWarnings("ImmutableEnumChecker") // all lists are of List.of
public enum Metric {
  GEN_AI_SERVER_REQUEST_DURATION(
      HISTOGRAM,
      "gen_ai_server_request_duration_seconds",
      Buckets.REQUEST,
      18,
      Labels.CALL + " chat_dialect chat_stream error_type",
      GATEWAY),
  GEN_AI_SERVER_TIME_TO_FIRST_TOKEN(
      HISTOGRAM,
      "gen_ai_server_time_to_first_token_seconds",
      Buckets.FIRST_TOKEN,
      10,
      Labels.CALL + " chat_dialect chat_stream",
      GATEWAY),
  GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN(
      HISTOGRAM,
      "gen_ai_server_time_per_output_token_seconds",
      Buckets.PER_TOKEN,
      10,
      Labels.CALL + " chat_dialect chat_stream",
      GATEWAY),
  GEN_AI_CLIENT_OPERATION_DURATION(
      HISTOGRAM,
      "gen_ai_client_operation_duration_seconds",
      Buckets.OPERATION,
      7,
      Labels.CALL + " server_address server_port error_type",
      PROXY),
  GEN_AI_CLIENT_TIME_TO_FIRST_CHUNK(
      HISTOGRAM,
      "gen_ai_client_operation_time_to_first_chunk_seconds",
      Buckets.OPERATION,
      4,
      Labels.CALL,
      PROXY),
  GEN_AI_CLIENT_TIME_PER_OUTPUT_CHUNK(
      HISTOGRAM,
      "gen_ai_client_operation_time_per_output_chunk_seconds",
      Buckets.OPERATION,
      4,
      Labels.CALL,
      PROXY),
  GEN_AI_CLIENT_TOKEN_USAGE(
      HISTOGRAM,
      "gen_ai_client_token_usage",
      Buckets.TOKENS,
      5,
      Labels.CALL + " gen_ai_token_type",
      PROXY),
  CHAT_OVERHEAD(
      HISTOGRAM, "chat_overhead_seconds", Buckets.OVERHEAD, 4, "service phase", GATEWAY, PROXY),
  CHAT_INTER_FRAME_GAP(
      HISTOGRAM, "chat_inter_frame_gap_seconds", Buckets.PER_TOKEN, 2, "service", GATEWAY, PROXY),
  CHAT_QUEUE_DEPTH(GAUGE, "chat_queue_depth", 20, "model priority", PROXY),
  CHAT_QUEUE_BYTES(GAUGE, "chat_queue_bytes", 20, "model priority", PROXY),
  CHAT_QUEUE_WAIT(HISTOGRAM, "chat_queue_wait_seconds", Buckets.FIRST_TOKEN, 7, "outcome", PROXY),
  CHAT_SLOTS_IN_USE(GAUGE, "chat_slots_in_use", 16, "backend", PROXY),
  CHAT_SLOTS(GAUGE, "chat_slots", 16, "backend", PROXY),
  CHAT_AFFINITY(COUNTER, "chat_affinity_total", 5, "result", PROXY),
  CHAT_STREAMS_ACTIVE(GAUGE, "chat_streams_active", 24, "service dialect state", GATEWAY, PROXY),
  CHAT_STREAM_FRAMES(COUNTER, "chat_stream_frames_total", 9, "service dialect", GATEWAY, PROXY),
  CHAT_STREAM_BYTES(COUNTER, "chat_stream_bytes_total", 9, "service dialect", GATEWAY, PROXY),
  CHAT_STREAM_END(COUNTER, "chat_stream_end_total", 9, "service outcome", GATEWAY, PROXY),
  CHAT_BACKPRESSURE_PAUSED(
      HISTOGRAM, "chat_backpressure_paused_seconds", Buckets.PAUSE, 2, "hop", GATEWAY, PROXY),
  CHAT_BUFFERED_BYTES(GAUGE, "chat_buffered_bytes", 4, "service hop stat", GATEWAY, PROXY),
  CHAT_CANCEL(
      HISTOGRAM, "chat_cancel_seconds", Buckets.CANCEL, 7, "service phase reason", GATEWAY, PROXY),
  CHAT_RESUME(COUNTER, "chat_resume_total", 6, "result", GATEWAY),
  CHAT_LIMITED(COUNTER, "chat_limited_total", 4, "limit", GATEWAY),
  CHAT_RESUME_REPLAYED_EVENTS(
      HISTOGRAM, "chat_resume_replayed_events", Buckets.EVENTS, 1, "", GATEWAY),
  CHAT_IDEMPOTENT(COUNTER, "chat_idempotent_total", 5, "result", SESSIONS),
  CHAT_TURN_COMMIT(HISTOGRAM, "chat_turn_commit_seconds", Buckets.COMMIT, 4, "kind", SESSIONS),
  CHAT_UPSTREAM_LOAD(HISTOGRAM, "chat_upstream_load_seconds", Buckets.UPSTREAM, 4, "model", PROXY),
  CHAT_UPSTREAM_PREFILL(
      HISTOGRAM, "chat_upstream_prefill_seconds", Buckets.UPSTREAM, 4, "model", PROXY),
  CHAT_UPSTREAM_DECODE(
      HISTOGRAM, "chat_upstream_decode_seconds", Buckets.UPSTREAM, 4, "model", PROXY),
  CHAT_UPSTREAM_UNEXPLAINED(
      HISTOGRAM, "chat_upstream_unexplained_seconds", Buckets.UPSTREAM, 4, "model", PROXY),
  CHAT_UPSTREAM_PREFILL_PER_TOKEN(
      HISTOGRAM,
      "chat_upstream_prefill_token_seconds",
      Buckets.PREFILL_PER_TOKEN,
      3,
      "affinity",
      PROXY),
  CHAT_TOKENS(COUNTER, "chat_tokens_total", 16, "type model estimated", PROXY),
  VLLM_RUNNING(GAUGE, "vllm:num_requests_running", 1, "", PROXY),
  VLLM_WAITING(GAUGE, "vllm:num_requests_waiting", 1, "", PROXY),
  VLLM_CACHE_USAGE(GAUGE, "vllm:kv_cache_usage_perc", 1, "", PROXY),
  HTTP_SERVER_DURATION(
      HISTOGRAM,
      "http_server_request_duration_seconds",
      Buckets.HTTP,
      16,
      "http_request_method http_route http_response_status_code stream",
      PROCESS),
  HTTP_SERVER_ACTIVE(GAUGE, "http_server_active_requests", 1, "", PROCESS),
  HTTP_CLIENT_DURATION(
      HISTOGRAM,
      "http_client_request_duration_seconds",
      Buckets.HTTP,
      5,
      "http_request_method server_address server_port http_response_status_code stream",
      PROCESS),
  GATEWAY_STATELESS_ANSWERS(GAUGE, "penstock_gateway_stateless_answers", 1, "", GATEWAY),
  GATEWAY_LIMITED_CALLERS(GAUGE, "penstock_gateway_limited_callers", 1, "", GATEWAY),
  GATEWAY_KEYS_KNOWN(GAUGE, "penstock_gateway_keys_known", 1, "", GATEWAY),
  GATEWAY_KEY_LOOKUPS(GAUGE, "penstock_gateway_key_lookups", 1, "", GATEWAY),
  GATEWAY_STORE_CALLS(GAUGE, "penstock_gateway_store_calls", 3, "lane", GATEWAY),
  GATEWAY_TURNS_OWNED(GAUGE, "penstock_gateway_turns_owned", 1, "", GATEWAY),
  GATEWAY_TURN_READERS(GAUGE, "penstock_gateway_turn_readers", 1, "", GATEWAY),
  GATEWAY_TURNS_FOLLOWED(GAUGE, "penstock_gateway_turns_followed", 1, "", GATEWAY),
  GATEWAY_TURN_FOLLOWERS(GAUGE, "penstock_gateway_turn_followers", 1, "", GATEWAY),
  GATEWAY_LOG_UNFLUSHED(GAUGE, "penstock_gateway_token_log_unflushed_bytes", 1, "", GATEWAY),
  GATEWAY_LOG_FLUSHING(GAUGE, "penstock_gateway_token_log_flushing", 1, "", GATEWAY),
  GATEWAY_LOG_POLLING(GAUGE, "penstock_gateway_token_log_polling", 1, "", GATEWAY),
  SESSIONS_EXPIRED(COUNTER, "penstock_sessions_expired_total", 1, "", SESSIONS),
  DB_POOL_CONNECTIONS(GAUGE, "penstock_db_pool_connections", 3, "pool", SESSIONS),
  DB_POOL_BUSY(GAUGE, "penstock_db_pool_busy", 3, "pool", SESSIONS),
  DB_POOL_WAITING(GAUGE, "penstock_db_pool_waiting", 3, "pool", SESSIONS),
  PROCESS_CPU(COUNTER, "process_cpu_seconds_total", 1, "", PROCESS),
  PROCESS_RESIDENT(GAUGE, "process_resident_memory_bytes", 1, "", PROCESS),
  PROCESS_OPEN_FDS(GAUGE, "process_open_fds", 1, "", PROCESS),
  PROCESS_MAX_FDS(GAUGE, "process_max_fds", 1, "", PROCESS),
  PROCESS_START(GAUGE, "process_start_time_seconds", 1, "", PROCESS),
  JVM_MEMORY_USED(GAUGE, "jvm_memory_used_bytes", 2, "area", PROCESS),
  JVM_MEMORY_COMMITTED(GAUGE, "jvm_memory_committed_bytes", 2, "area", PROCESS),
  JVM_MEMORY_MAX(GAUGE, "jvm_memory_max_bytes", 2, "area", PROCESS),
  JVM_GC(SUMMARY, "jvm_gc_collection_seconds", 4, "gc", PROCESS),
  JVM_THREADS(GAUGE, "jvm_threads_current", 1, "", PROCESS);

  /** Stands in every label of what is beyond a metric's bound. */
  public static final String OTHER = "_other";

  private static final String TOTAL = "_total";

  private final Type type;
  private final String id;
  private final List<Double> bounds;
  private final int most;
  private final List<String> labels;
  private final List<Exporter> exporters;

  /** What kind of number it is. */
  public enum Type {
    /** Only grows. */
    COUNTER,
    /** What is now. */
    GAUGE,
    /** Numbers of values up to each bound, their sum and number. */
    HISTOGRAM,
    /** Sum and number. */
    SUMMARY
  }

  /** Who has it on its page. */
  public enum Exporter {
    GATEWAY,
    PROXY,
    SESSIONS,
    /** Every service. */
    PROCESS
  }

  Metric(Type type, String id, int most, String labels, Exporter... exporters) {
    this(type, id, List.of(), most, labels, exporters);
  }

  Metric(
      Type type, String id, List<Double> bounds, int most, String labels, Exporter... exporters) {
    this.type = type;
    this.id = id;
    this.bounds = bounds;
    this.most = most;
    this.labels = labels.isEmpty() ? List.of() : List.of(labels.split(" "));
    this.exporters = List.of(exporters);
  }

  /** What kind of number it is. */
  public Type type() {
    return type;
  }

  /** The name on the metrics page; a histogram's and a summary's without their suffixes. */
  public String id() {
    return id;
  }

  /** What it measures, in one line without a full stop. */
  public String help() {
    return Help.of(this);
  }

  /** Upper bounds in the metric's unit, rising; empty unless it is a histogram. */
  public List<Double> bounds() {
    return bounds;
  }

  /** How many sets of labels one service has of it at most, the one of {@link #OTHER} included. */
  public int most() {
    return most;
  }

  /** Names of its labels, in the order in which values are given. */
  public List<String> labels() {
    return labels;
  }

  /** Names and values of its labels in turn. */
  public String[] tags(List<String> values) {
    var tags = new String[2 * labels.size()];
    for (var i = 0; i < labels.size(); i++) {
      tags[2 * i] = labels.get(i);
      tags[2 * i + 1] = values.get(i);
    }
    return tags;
  }

  /** Who exports it, at least one. */
  public List<Exporter> exporters() {
    return exporters;
  }

  /** {@code seconds}, {@code bytes}, or empty for plain numbers. */
  public String unit() {
    var base = id.endsWith(TOTAL) ? id.substring(0, id.length() - TOTAL.length()) : id;
    var last = base.substring(base.lastIndexOf('_') + 1);
    return last.equals("seconds") || last.equals("bytes") ? last : "";
  }

  /** Names of its lines on the metrics page. */
  public List<String> samples() {
    return switch (type) {
      case COUNTER, GAUGE -> List.of(id);
      case HISTOGRAM -> List.of(id + "_bucket", id + "_sum", id + "_count");
      case SUMMARY -> List.of(id + "_sum", id + "_count");
    };
  }

  /** How many series one set of labels has. */
  public int seriesEach() {
    return switch (type) {
      case COUNTER, GAUGE -> 1;
      // Each bound, +Inf, sum and count.
      case HISTOGRAM -> bounds.size() + 3;
      case SUMMARY -> 2;
    };
  }

  /** The type as the metrics page says it. */
  public String typeWord() {
    return type.name().toLowerCase(Locale.ROOT);
  }
}
