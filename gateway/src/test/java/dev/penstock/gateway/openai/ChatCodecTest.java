package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.TokenLogprob;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.answer.GatheredAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The bytes of openai-api.md sections 2, 4.3 and 4.4. */
class ChatCodecTest {
  private static final CompletionId COMPLETION =
      new CompletionId("chatcmpl-7Qm2", 1767225600, "gemma3:4b");
  private static final Finished FINISHED =
      new Finished(
          FinishReason.STOP, new Usage(14, 2, false), new Timings(null, null, null, null, null));
  private static final TokenLogprob LIKELY =
      new TokenLogprob(
          "Bl",
          -0.5,
          List.of(66, 108),
          List.of(new TokenLogprob("Gr", Double.NEGATIVE_INFINITY, List.of(), List.of())));
  private static final String HEAD =
      "data: {\"id\":\"chatcmpl-7Qm2\",\"object\":\"chat.completion.chunk\",\"created\":1767225600,"
          + "\"model\":\"gemma3:4b\",\"system_fingerprint\":\"fp_gemma3_4b\",\"choices\":[";

  @Test
  void writesAStreamByteForByte() {
    var encoder = stream(COMPLETION, false);
    var out = Buffer.buffer();

    encoder.text(out, "Blue \"🐼\"\n");
    encoder.finished(out, FINISHED);

    assertThat(out.toString())
        .isEqualTo(
            HEAD
                + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + HEAD
                + "{\"index\":0,\"delta\":{\"content\":\"Blue \\\"🐼\\\"\\n\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + HEAD
                + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n");
  }

  @Test
  void writesUsageAsNullEverywhereButInAChunkOfItsOwn() {
    var encoder = stream(COMPLETION, true);
    var out = Buffer.buffer();

    encoder.text(out, "Blue");
    encoder.finished(out, FINISHED);

    var frames = out.toString().split("\n\n");
    assertThat(frames).hasSize(5);
    for (var at = 0; at < 3; at++) {
      var chunk = new JsonObject(frames[at].substring(6));
      assertThat(chunk.containsKey("usage")).isTrue();
      assertThat(chunk.getJsonObject("usage")).isNull();
    }
    var last = new JsonObject(frames[3].substring(6));
    assertThat(last.getJsonArray("choices")).isEmpty();
    assertThat(last.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(14);
    assertThat(last.getJsonObject("usage").getInteger("completion_tokens")).isEqualTo(2);
    assertThat(last.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(16);
    assertThat(frames[4]).isEqualTo("data: [DONE]");
  }

  @Test
  void writesWholeCallsAsOneFragmentEach() {
    var encoder = stream(COMPLETION, false);
    var out = Buffer.buffer();

    encoder.called(out, List.of(call("call_1"), call("call_2")));
    encoder.called(out, List.of(call("call_3")));

    var frames = out.toString().split("\n\n");
    assertThat(frames[1])
        .contains(
            "\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":["
                + "{\"index\":0,\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Köln\\\"}\"}},"
                + "{\"index\":1,\"id\":\"call_2\"")
        .endsWith("]},\"logprobs\":null,\"finish_reason\":null}]}");
    assertThat(frames[2]).contains("{\"index\":2,\"id\":\"call_3\"");
  }

  @Test
  void tellsOneCallWhereTheCallerTakesNoMore() {
    var encoder = new ChatChunkEncoder(ResponseHead.now(), COMPLETION, false, true);
    var out = Buffer.buffer();

    encoder.called(out, List.of(call("call_1"), call("call_2")));
    encoder.called(out, List.of(call("call_3")));

    assertThat(out.toString()).contains("call_1").doesNotContain("call_2", "call_3");
  }

  @Test
  void writesWhatTheModelThinksApartFromTheAnswer() {
    var out = Buffer.buffer();

    stream(COMPLETION, false).thought(out, "Hm\n");

    assertThat(out.toString())
        .endsWith(
            HEAD
                + "{\"index\":0,\"delta\":{\"reasoning\":\"Hm\\n\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
  }

  @Test
  void writesProbabilitiesBesideTheTextTheyBelongTo() {
    var out = Buffer.buffer();

    stream(COMPLETION, false).scored(out, "Bl", List.of(LIKELY));

    assertThat(out.toString())
        .endsWith(
            HEAD
                + "{\"index\":0,\"delta\":{\"content\":\"Bl\"},\"logprobs\":{\"content\":["
                + "{\"token\":\"Bl\",\"logprob\":-0.5,\"bytes\":[66,108],\"top_logprobs\":["
                + "{\"token\":\"Gr\",\"logprob\":-9999.0,\"bytes\":null}]}],\"refusal\":null},"
                + "\"finish_reason\":null}]}\n\n");
  }

  @Test
  void writesAWholeAnswerByteForByte() {
    var json = whole(false).encode(answer("Blue.", "", List.of(), List.of()));

    assertThat(json.toString())
        .isEqualTo(
            "{\"id\":\"chatcmpl-7Qm2\",\"object\":\"chat.completion\",\"created\":1767225600,\"model\":\"gemma3:4b\","
                + "\"system_fingerprint\":\"fp_gemma3_4b\",\"service_tier\":\"default\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Blue.\",\"refusal\":null},"
                + "\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                + "\"usage\":{\"prompt_tokens\":14,\"completion_tokens\":2,\"total_tokens\":16,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}}}");
  }

  @Test
  void writesCallsThoughtsAndProbabilitiesOfAWholeAnswer() {
    var calls = List.of(call("call_1"), call("call_2"));
    var json = new JsonObject(whole(false).encode(answer("", "Hm", calls, List.of(LIKELY))));
    var choice = json.getJsonArray("choices").getJsonObject(0);
    var message = choice.getJsonObject("message");

    assertThat(message.fieldNames())
        .containsExactly("role", "content", "refusal", "reasoning", "tool_calls");
    assertThat(message.getValue("content")).isNull();
    assertThat(message.getString("reasoning")).isEqualTo("Hm");
    assertThat(message.getJsonArray("tool_calls")).hasSize(2);
    assertThat(message.getJsonArray("tool_calls").getJsonObject(0).encode())
        .isEqualTo(
            "{\"id\":\"call_1\",\"type\":\"function\",\"function\":"
                + "{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Köln\\\"}\"}}");
    assertThat(choice.getJsonObject("logprobs").getJsonArray("content")).hasSize(1);
  }

  @Test
  void tellsOneCallOfAWholeAnswerWhereTheCallerTakesNoMore() {
    var calls = List.of(call("call_1"), call("call_2"));

    assertThat(whole(true).encode(answer("", "", calls, List.of())).toString())
        .contains("call_1")
        .doesNotContain("call_2");
  }

  @Test
  void writesTheOlderCompletionsByteForByte() {
    var id = new CompletionId("cmpl-7Qm2", 1767225600, "gemma3:4b");
    var encoder = new CompletionChunkEncoder(ResponseHead.now(), id, true);
    var out = Buffer.buffer();

    encoder.text(out, "Blue\n");
    encoder.finished(out, FINISHED);

    var head =
        "\"created\":1767225600,\"model\":\"gemma3:4b\",\"system_fingerprint\":\"fp_gemma3_4b\",\"choices\":[";
    var start = "data: {\"id\":\"cmpl-7Qm2\",\"object\":\"text_completion\"," + head;
    assertThat(out.toString())
        .startsWith(
            start
                + "{\"text\":\"Blue\\n\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}],\"usage\":null}\n\n"
                + start
                + "{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
                + start
                + "],\"usage\":{\"prompt_tokens\":14,")
        .endsWith("}}\n\ndata: [DONE]\n\n");
    assertThat(CompletionEncoder.encode(id, answer("Blue.", "", List.of(), List.of())).toString())
        .startsWith(
            "{\"id\":\"cmpl-7Qm2\",\"object\":\"text_completion\","
                + head
                + "{\"text\":\"Blue.\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{");
  }

  @Test
  void tellsHowManyTokensWereCachedAndThought() {
    assertThat(UsageJson.of(new Usage(14, 9, false, 12, 7)))
        .contains("{\"cached_tokens\":12}", "{\"reasoning_tokens\":7}");
  }

  @Test
  void writesAModelNameThatNeedsEscapes() {
    var id = new CompletionId("chatcmpl-1", 1, "my \"own\"\nmodel");
    var out = Buffer.buffer();

    stream(id, false).text(out, "Blue");

    var chunk = new JsonObject(out.toString().split("\n\n")[0].substring(6));
    assertThat(chunk.getString("model")).isEqualTo("my \"own\"\nmodel");
    assertThat(chunk.getString("system_fingerprint")).isEqualTo("fp_my_own_model");
  }

  @Test
  void writesAnErrorFrameOnOneLine() {
    var out = Buffer.buffer();

    stream(COMPLETION, false)
        .failed(out, Failure.of(FailureCode.UPSTREAM_FAILED, "It \"broke\".\nTry again."));

    assertThat(out.toString())
        .isEqualTo(
            "data: {\"error\":{\"message\":\"It \\\"broke\\\".\\nTry again.\",\"type\":\"server_error\",\"param\":null,\"code\":\"upstream_error\"}}\n\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "INVALID_REQUEST | 400 | invalid_request_error | - | - | - | false",
        "CONTEXT_LENGTH_EXCEEDED | 400 | invalid_request_error | context_length_exceeded | messages | - | false",
        "UNAUTHENTICATED | 401 | invalid_request_error | invalid_api_key | - | - | false",
        "FORBIDDEN | 403 | invalid_request_error | - | - | - | false",
        "MODEL_NOT_FOUND | 404 | invalid_request_error | model_not_found | model | - | false",
        "IDEMPOTENCY_KEY_REUSED | 409 | invalid_request_error | idempotency_key_reused | - | - | false",
        "RATE_LIMITED | 429 | rate_limit_error | rate_limit_exceeded | - | 1000 | true",
        "QUEUE_FULL | 429 | rate_limit_error | rate_limit_exceeded | - | 1000 | true",
        "INTERNAL | 500 | server_error | - | - | - | false",
        "UPSTREAM_FAILED | 502 | server_error | upstream_error | - | - | true",
        "UPSTREAM_TRUNCATED | 502 | server_error | upstream_error | - | - | true",
        "NO_CAPACITY | 503 | server_error | overloaded | - | 1000 | true",
        "QUEUE_TIMEOUT | 503 | server_error | overloaded | - | 1000 | true",
        "DRAINING | 503 | server_error | overloaded | - | 1000 | true",
        "UPSTREAM_TIMEOUT | 504 | server_error | upstream_timeout | - | - | true",
        "DEADLINE_EXCEEDED | 504 | server_error | upstream_timeout | - | - | false"
      })
  void tellsEachFailureAsItsClientsExpect(
      FailureCode code,
      int status,
      String type,
      String wireCode,
      String param,
      Long retryAfterMs,
      boolean retry) {
    assertThat(OpenAiError.of(Failure.of(code, "Said so.")))
        .isEqualTo(new OpenAiError(status, wireCode, "Said so.", param, retryAfterMs, retry))
        .returns(type, OpenAiError::type);
  }

  @ParameterizedTest
  @EnumSource(FailureCode.class)
  void writesAllFourMembersOfEveryError(FailureCode code) {
    var error =
        new JsonObject(OpenAiError.of(Failure.of(code, "Said so.")).json()).getJsonObject("error");

    assertThat(error.fieldNames()).containsExactly("message", "type", "param", "code");
  }

  @Test
  void neverAsksToWaitLongerThanClientsObey() {
    var error = OpenAiError.of(Failure.retryAfter(FailureCode.QUEUE_FULL, "Wait.", 95_000));

    assertThat(error.retryAfterSeconds()).isEqualTo(30);
  }

  private static ToolCall call(String id) {
    return new ToolCall(id, "weather", "{\"city\":\"Köln\"}");
  }

  private static ChatChunkEncoder stream(CompletionId completion, boolean includeUsage) {
    return new ChatChunkEncoder(ResponseHead.now(), completion, includeUsage, false);
  }

  private static ChatCompletionEncoder whole(boolean oneCall) {
    return new ChatCompletionEncoder(ResponseHead.now(), COMPLETION, oneCall);
  }

  private static GatheredAnswer answer(
      String text, String thoughts, List<ToolCall> calls, List<TokenLogprob> logprobs) {
    return new GatheredAnswer(
        text, thoughts, calls, logprobs, FinishReason.STOP, new Usage(14, 2, false), null);
  }
}
