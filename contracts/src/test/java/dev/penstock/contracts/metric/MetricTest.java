package dev.penstock.contracts.metric;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.metric.Metric.Exporter;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricTest {
  /** Beside ours, a process has the pools of Vert.x: a few series each. */
  private static final int OTHERS = 80;

  private static final int BUDGET = 2_000;

  /** Renaming one of these breaks dashboards that are not ours. */
  @Test
  void hasTheNamesThatOthersKnow() {
    assertThat(Stream.of(Metric.values()).map(Metric::id))
        .contains(
            "gen_ai_server_request_duration_seconds",
            "gen_ai_server_time_to_first_token_seconds",
            "gen_ai_server_time_per_output_token_seconds",
            "gen_ai_client_operation_duration_seconds",
            "gen_ai_client_operation_time_to_first_chunk_seconds",
            "gen_ai_client_operation_time_per_output_chunk_seconds",
            "gen_ai_client_token_usage",
            "http_server_request_duration_seconds",
            "http_server_active_requests",
            "http_client_request_duration_seconds",
            "vllm:num_requests_running",
            "vllm:num_requests_waiting",
            "vllm:kv_cache_usage_perc",
            "process_cpu_seconds_total",
            "process_resident_memory_bytes",
            "process_open_fds",
            "process_max_fds",
            "process_start_time_seconds",
            "jvm_memory_used_bytes",
            "jvm_gc_collection_seconds",
            "jvm_threads_current");
  }

  @Test
  void hasTheNamesOfItsOwn() {
    assertThat(Stream.of(Metric.values()).map(Metric::id).filter(id -> id.startsWith("chat_")))
        .containsExactlyInAnyOrder(
            "chat_overhead_seconds",
            "chat_inter_frame_gap_seconds",
            "chat_queue_depth",
            "chat_queue_bytes",
            "chat_queue_wait_seconds",
            "chat_slots_in_use",
            "chat_slots",
            "chat_affinity_total",
            "chat_streams_active",
            "chat_stream_frames_total",
            "chat_stream_bytes_total",
            "chat_stream_end_total",
            "chat_backpressure_paused_seconds",
            "chat_buffered_bytes",
            "chat_cancel_seconds",
            "chat_resume_total",
            "chat_limited_total",
            "chat_resume_replayed_events",
            "chat_idempotent_total",
            "chat_turn_commit_seconds",
            "chat_upstream_load_seconds",
            "chat_upstream_prefill_seconds",
            "chat_upstream_decode_seconds",
            "chat_upstream_unexplained_seconds",
            "chat_upstream_prefill_token_seconds",
            "chat_tokens_total");
  }

  @Test
  void namesEachOnce() {
    assertThat(Stream.of(Metric.values()).map(Metric::id)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void isNamedAsPrometheusAsks(Metric metric) {
    assertThat(metric.id()).matches("[a-z_]+(:[a-z_]+)?");
    assertThat(metric.id().endsWith("_total")).isEqualTo(metric.type() == Metric.Type.COUNTER);
    assertThat(metric.id()).doesNotContainPattern("_(millis|ms|minutes|kilobytes|mb|percent)(_|$)");
    assertThat(metric.labels()).allMatch(label -> label.matches("[a-z_]+"));
    assertThat(metric.labels()).doesNotHaveDuplicates();
    assertThat(metric.help()).isNotBlank().doesNotEndWith(".").doesNotContain("\n");
    assertThat(metric.exporters()).isNotEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void hasRisingBoundsWhereItIsAHistogram(Metric metric) {
    assertThat(metric.bounds().isEmpty()).isEqualTo(metric.type() != Metric.Type.HISTOGRAM);
    assertThat(metric.bounds()).isSorted().doesNotHaveDuplicates();
  }

  /** A query made for another server finds the bounds it asks for. */
  @Test
  void extendsTheConventionsBoundsAndCutsNone() {
    assertThat(Metric.GEN_AI_SERVER_REQUEST_DURATION.bounds())
        .containsAll(
            List.of(
                .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92));
    assertThat(Metric.GEN_AI_SERVER_TIME_TO_FIRST_TOKEN.bounds())
        .containsAll(
            List.of(.001, .005, .01, .02, .04, .06, .08, .1, .25, .5, .75, 1., 2.5, 5., 7.5, 10.));
    assertThat(Metric.GEN_AI_SERVER_TIME_PER_OUTPUT_TOKEN.bounds())
        .containsAll(List.of(.01, .025, .05, .075, .1, .15, .2, .3, .4, .5, .75, 1., 2.5));
  }

  /** Every metric has a bound, so this is what an instance has at the very most. */
  @ParameterizedTest
  @EnumSource(names = "PROCESS", mode = EnumSource.Mode.EXCLUDE)
  void keepsAnInstanceWithinItsBudgetOfSeries(Exporter service) {
    var most =
        Stream.of(Metric.values())
            .filter(
                metric ->
                    metric.exporters().contains(service)
                        || metric.exporters().contains(Exporter.PROCESS))
            .mapToInt(metric -> metric.most() * metric.seriesEach())
            .sum();

    assertThat(most + OTHERS).isLessThanOrEqualTo(BUDGET);
  }

  @Test
  void hasFewWordsForFailures() {
    var words =
        Arrays.stream(FailureCode.values())
            .flatMap(code -> Stream.of(ErrorType.of(code, false), ErrorType.of(code, true)));

    assertThat(words)
        .isSubsetOf(
            Set.of(
                "invalid_request",
                "unauthenticated",
                "forbidden",
                "not_found",
                "conflict",
                "payload_too_large",
                "rate_limited",
                "queue_full",
                "queue_timeout",
                "no_backend",
                "backend_connect",
                "backend_status_5xx",
                "backend_truncated",
                "first_token_timeout",
                "idle_timeout",
                "deadline",
                "client_disconnect",
                "cancelled",
                "draining",
                "store_unavailable",
                "_OTHER"));
  }
}
