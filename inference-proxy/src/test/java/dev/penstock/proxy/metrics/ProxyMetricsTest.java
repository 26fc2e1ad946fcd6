package dev.penstock.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.generation.GenerationEvent.Failed;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.GenerationEvent.Queued;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.proxy.Await;
import dev.penstock.proxy.FakeOllama;
import dev.penstock.proxy.ProxyDriver;
import io.vertx.core.Vertx;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page tells of generations that really run, and what it then does not. */
class ProxyMetricsTest {
  private static final Vertx VERTX = Vertx.vertx();
  private static final String SERVICE = "service=\"inference-proxy\"";

  private FakeOllama ollama;
  private ProxyDriver proxy;

  @BeforeEach
  void start() {
    ollama = FakeOllama.startLoaded(VERTX);
    proxy = ProxyDriver.start(Map.of("PENSTOCK_QUEUE_PER_SLOT", "1"), ollama);
  }

  @AfterEach
  void stopProxy() {
    proxy.close();
    ollama.close();
  }

  @AfterAll
  static void stop() {
    Await.done(VERTX.close());
  }

  @Test
  void tellsWhereTheTimeOfAWholeAnswerWent() {
    answer("Bam", "boo");

    var call = "gen_ai_request_model=\"gemma3:1b\"";
    await("gen_ai_client_operation_duration_seconds_count", 1, call, "error_type=\"\"");
    await("gen_ai_client_operation_time_to_first_chunk_seconds_count", 1, call);
    await("gen_ai_client_operation_time_per_output_chunk_seconds_count", 1, call);
    await("chat_queue_wait_seconds_count", 1, "outcome=\"dispatched\"");
    await("chat_upstream_load_seconds_count", 1, "model=\"gemma3:1b\"");
    await("chat_stream_end_total", 1, SERVICE, "outcome=\"complete\"");
    await("chat_overhead_seconds_count", 1, SERVICE, "phase=\"first_byte\"");
    Await.until(
        () -> value("chat_stream_frames_total", SERVICE) >= 3, "the frames to be handed over");
    assertThat(value("chat_stream_bytes_total", SERVICE)).isGreaterThan(100);
    assertThat(value("chat_stream_end_total", SERVICE)).isEqualTo(1);
    assertThat(value("chat_cancel_seconds_count")).isZero();
  }

  /** A queue and a load are not ours. */
  @Test
  void countsTheTimeUntilTheRequestGoesOnOnlyWhereItDidNotWait() {
    answer("x");
    var before = value("chat_overhead_seconds_count", SERVICE, "phase=\"request_headers\"");
    var first = proxy.generate();
    var chat = ollama.awaitChat();
    var second = proxy.generate();
    second.next(Queued.class);
    chat.says("x").finishes();
    first.finish();
    ollama.awaitChat().says("x").finishes();
    second.finish();

    await("chat_overhead_seconds_count", before + 1, SERVICE, "phase=\"request_headers\"");
  }

  @Test
  void countsTokensAsTheModelServerDid() {
    var call = proxy.generate();
    ollama.awaitChat().says("Bamboo").finishes("stop", 41, 58);
    call.awaitText("Bamboo").finish();

    await("chat_tokens_total", 41, "type=\"input\"", "estimated=\"false\"");
    await("chat_tokens_total", 58, "type=\"output\"", "estimated=\"false\"");
    await("gen_ai_client_token_usage_sum", 58, "gen_ai_token_type=\"output\"");
    assertThat(value("chat_tokens_total", "estimated=\"true\"")).isZero();
  }

  @Test
  void tellsAnAnswerCutByLengthFromAWholeOne() {
    var call = proxy.generate();
    ollama.awaitChat().says("Bam").finishes("length", 1, 1);
    call.finish();

    await("chat_stream_end_total", 1, SERVICE, "outcome=\"length\"");
    assertThat(value("chat_stream_end_total", SERVICE, "outcome=\"complete\"")).isZero();
  }

  @Test
  void countsAnAnswerWithoutItsEndAsTruncated() {
    var call = proxy.generate();
    ollama.awaitChat().says("Bam").ends();
    call.awaitText("Bam").next(Failed.class);

    await("chat_stream_end_total", 1, SERVICE, "outcome=\"truncated\"");
    await("gen_ai_client_operation_duration_seconds_count", 1, "error_type=\"backend_truncated\"");
    assertThat(value("chat_upstream_load_seconds_count")).isZero();
  }

  /** A client that leaves is no error of anybody's, and how quickly that reached the model. */
  @Test
  void timesACancelInEachPhase() {
    var decoding = proxy.generate();
    ollama.awaitChat().says("Bam");
    decoding.awaitText("Bam");
    decoding.leave();
    proxy.awaitIdle();
    var prefilling = proxy.generate();
    var chat = ollama.awaitChat();
    var queued = proxy.generate();
    queued.next(Queued.class);
    queued.leave();
    Await.until(() -> proxy.gauge("chat_queue_depth") == 0, "the queue to be empty");
    prefilling.leave();
    chat.awaitCancelled();

    for (var phase : new String[] {"decode", "prefill", "queued"}) {
      await("chat_cancel_seconds_count", 1, SERVICE, "phase=\"" + phase + "\"", "disconnect");
    }
    await("chat_stream_end_total", 2, SERVICE, "outcome=\"client_gone\"");
    await("chat_queue_wait_seconds_count", 1, "outcome=\"cancelled\"");
    assertThat(value("chat_cancel_seconds_count", "deadline")).isZero();
  }

  @Test
  void tellsWhatBecameOfThoseInTheQueue() {
    var first = proxy.generate();
    var chat = ollama.awaitChat();
    var second = proxy.generate(ProxyDriver.withDeadline(300));
    second.next(Queued.class);
    assertThat(value("chat_queue_depth", "priority=\"interactive\"")).isEqualTo(1);
    assertThat(value("chat_queue_bytes", "priority=\"interactive\"")).isGreaterThan(10);
    assertThat(value("chat_queue_depth", "priority=\"batch\"")).isZero();
    var third = proxy.generate();

    assertThat(third.status()).isEqualTo(429);
    second.next(Failed.class);
    chat.says("Bamboo").finishes();
    first.awaitText("Bamboo").next(Finished.class);

    await("chat_queue_wait_seconds_count", 1, "outcome=\"rejected_capacity\"");
    await("chat_queue_wait_seconds_count", 1, "outcome=\"expired\"");
    await("chat_queue_wait_seconds_count", 1, "outcome=\"dispatched\"");
    assertThat(value("chat_stream_end_total", SERVICE)).isEqualTo(1);
  }

  @Test
  void tellsWhetherAConversationMetTheServerThatHoldsIt() {
    proxy.close();
    try (var other = FakeOllama.startLoaded(VERTX)) {
      proxy = ProxyDriver.start(Map.of(), ollama, other).knowingItsUpstreams();
      var talks = conversation();
      var first = proxy.generate(talks);
      Await.until(() -> ollama.hasChat() || other.hasChat(), "the question");
      var home = ollama.hasChat() ? ollama : other;
      var chat = home.awaitChat().says("Bam");
      first.awaitText("Bam");

      var second = proxy.generate(talks);
      (home == ollama ? other : ollama).awaitChat().says("boo").finishes();
      second.finish();
      chat.finishes();
      first.finish();
      answerOf(proxy.generate(), ollama, other);

      await("chat_affinity_total", 1, "result=\"hit\"");
      await("chat_affinity_total", 1, "result=\"miss\"");
      await("chat_affinity_total", 1, "result=\"none\"");
      assertThat(value("chat_affinity_total", "result=\"repin\"")).isZero();
      await("chat_slots", 2);
    }
  }

  @Test
  void tellsAnUpstreamThatCannotBeReached() {
    answer("x");
    ollama.goDown();

    assertThat(proxy.generate().status()).isEqualTo(503);

    await("gen_ai_client_operation_duration_seconds_count", 1, "error_type=\"backend_connect\"");
    await("chat_queue_wait_seconds_count", 1, "outcome=\"no_backend\"");
    ollama.comeBack();
  }

  /** A caller may ask for any name; none of them may become a series. */
  @Test
  void makesNoLabelOfAModelThatIsNotServed() {
    var unknown = named("somebody's secret model");

    assertThat(proxy.generate(unknown).status()).isEqualTo(404);

    assertThat(proxy.page()).doesNotContain("secret");
  }

  @Test
  void putsNoTextOfAnybodyOnThePage() {
    answer("zebrafinch");

    assertThat(proxy.page()).doesNotContain("zebrafinch").doesNotContain("red pandas");
  }

  @Test
  void hasVllmsNamesOnlyWhereTheyAreWanted() {
    assertThat(proxy.page()).doesNotContain("vllm");
    proxy.close();
    proxy = ProxyDriver.start(Map.of("PENSTOCK_VLLM_METRICS", "true"), ollama);

    var call = proxy.generate();
    var chat = ollama.awaitChat();
    var waiting = proxy.generate();
    waiting.next(Queued.class);

    await("vllm:num_requests_running", 1);
    await("vllm:num_requests_waiting", 1);
    await("vllm:kv_cache_usage_perc", 1);
    waiting.leave();
    chat.says("x").finishes();
    call.finish();
  }

  private void answer(String... pieces) {
    var call = proxy.generate();
    var chat = ollama.awaitChat();
    for (var piece : pieces) {
      chat.says(piece);
      call.awaitText(piece);
    }
    chat.finishes();
    call.finish();
  }

  private static void answerOf(dev.penstock.proxy.Call call, FakeOllama... any) {
    Await.until(() -> java.util.Arrays.stream(any).anyMatch(FakeOllama::hasChat), "the question");
    for (var each : any) {
      if (each.hasChat()) {
        each.awaitChat().says("x").finishes();
      }
    }
    call.finish();
  }

  private static GenerationRequest conversation() {
    var base = ProxyDriver.request();
    return new GenerationRequest(
        base.tenant(),
        "a-conversation",
        base.model(),
        base.messages(),
        base.options(),
        base.continuesAnswer(),
        base.priority(),
        base.deadlineMs());
  }

  private static GenerationRequest named(String model) {
    var base = ProxyDriver.request();
    return new GenerationRequest(
        base.tenant(),
        null,
        model,
        base.messages(),
        base.options(),
        base.continuesAnswer(),
        base.priority(),
        base.deadlineMs());
  }

  private void await(String sample, double expected, String... labels) {
    Await.until(
        () -> value(sample, labels) == expected,
        sample + " " + String.join(" ", labels) + " to be " + expected);
  }

  private double value(String sample, String... labels) {
    return proxy.value(sample, labels);
  }
}
