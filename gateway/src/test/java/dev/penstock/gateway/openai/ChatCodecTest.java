package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationEvent.Finished;
import dev.penstock.contracts.generation.Timings;
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
  void writesEachCallAsOneDelta() {
    var encoder = stream(COMPLETION, false);
    var out = Buffer.buffer();

    encoder.called(out, List.of(new ToolCall("call_1", "weather", "{\"city\":\"Oslo\"}")));
    encoder.called(out, List.of(new ToolCall("call_2", "time", "{}")));

    var frames = out.toString().split("\n\n");
    assertThat(frames).hasSize(3);
    assertThat(frames[1])
        .isEqualTo(
            HEAD
                + "{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"id\":\"call_1\",\"type\":\"function\","
                + "\"function\":{\"name\":\"weather\",\"arguments\":\"{\\\"city\\\":\\\"Oslo\\\"}\"}}]},"
                + "\"logprobs\":null,\"finish_reason\":null}]}");
    assertThat(frames[2]).contains("\"index\":1,\"id\":\"call_2\"");
  }

  @Test
  void writesAWholeAnswerByteForByte() {
    var json =
        ChatCompletionEncoder.encode(
            COMPLETION,
            new GatheredAnswer(
                "Blue.",
                "",
                List.of(),
                List.of(),
                FinishReason.LENGTH,
                new Usage(14, 2, false),
                null));

    assertThat(json.toString())
        .isEqualTo(
            "{\"id\":\"chatcmpl-7Qm2\",\"object\":\"chat.completion\",\"created\":1767225600,\"model\":\"gemma3:4b\","
                + "\"system_fingerprint\":\"fp_gemma3_4b\",\"service_tier\":\"default\","
                + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Blue.\",\"refusal\":null},"
                + "\"logprobs\":null,\"finish_reason\":\"length\"}],"
                + "\"usage\":{\"prompt_tokens\":14,\"completion_tokens\":2,\"total_tokens\":16,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":0},\"completion_tokens_details\":{\"reasoning_tokens\":0}}}");
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
        "FORBIDDEN | 403 | invalid_request_error | model_not_allowed | - | - | false",
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

  private static ChatChunkEncoder stream(CompletionId completion, boolean includeUsage) {
    return new ChatChunkEncoder(new ResponseHead(0), completion, includeUsage);
  }
}
