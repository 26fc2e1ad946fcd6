package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** gemini-api.md section 7. */
class GeminiErrorTest {
  @ParameterizedTest
  @CsvSource({
    "INVALID_REQUEST, 400, INVALID_ARGUMENT",
    "PAYLOAD_TOO_LARGE, 400, INVALID_ARGUMENT",
    "UNSUPPORTED_MEDIA_TYPE, 400, INVALID_ARGUMENT",
    "CANNOT_CONTINUE, 400, FAILED_PRECONDITION",
    "CONTEXT_LENGTH_EXCEEDED, 400, OUT_OF_RANGE",
    "UNAUTHENTICATED, 401, UNAUTHENTICATED",
    "FORBIDDEN, 403, PERMISSION_DENIED",
    "MODEL_NOT_FOUND, 404, NOT_FOUND",
    "NOT_FOUND, 404, NOT_FOUND",
    "METHOD_NOT_ALLOWED, 404, NOT_FOUND",
    "TURN_IN_PROGRESS, 409, ABORTED",
    "RATE_LIMITED, 429, RESOURCE_EXHAUSTED",
    "QUEUE_FULL, 429, RESOURCE_EXHAUSTED",
    "INTERNAL, 500, INTERNAL",
    "UPSTREAM_FAILED, 500, INTERNAL",
    "UPSTREAM_PROTOCOL, 500, INTERNAL",
    "UPSTREAM_TRUNCATED, 500, INTERNAL",
    "NO_CAPACITY, 503, UNAVAILABLE",
    "QUEUE_TIMEOUT, 503, UNAVAILABLE",
    "DRAINING, 503, UNAVAILABLE",
    "UPSTREAM_TIMEOUT, 504, DEADLINE_EXCEEDED",
    "DEADLINE_EXCEEDED, 504, DEADLINE_EXCEEDED",
  })
  void saysEveryFailureByCodeAndWord(FailureCode code, int http, String status) {
    var json = GeminiError.of(Failure.of(code, "It did \"not\" work.")).json().toJsonObject();
    var error = json.getJsonObject("error");

    assertThat(json.fieldNames()).containsExactly("error");
    assertThat(error.getInteger("code")).isEqualTo(http);
    assertThat(error.getString("status")).isEqualTo(status);
    assertThat(error.getString("message")).startsWith("It did \"not\" work.");
  }

  @Test
  void saysWhenToTryAgainInWordsAndInDetails() {
    var error = GeminiError.of(Failure.retryAfter(FailureCode.QUEUE_FULL, "Busy.", 1_500));

    assertThat(error.json().toString())
        .isEqualTo(
            "{\"error\":{\"code\":429,\"message\":\"Busy. Please retry in 2s.\","
                + "\"status\":\"RESOURCE_EXHAUSTED\",\"details\":[{\"@type\":"
                + "\"type.googleapis.com/google.rpc.RetryInfo\",\"retryDelay\":\"2s\"}]}}");
  }

  @ParameterizedTest
  @EnumSource(
      value = FailureCode.class,
      names = {"UPSTREAM_FAILED", "DEADLINE_EXCEEDED", "INVALID_REQUEST"})
  void saysNothingOfTryingAgainWhereItIsNotShed(FailureCode code) {
    assertThat(GeminiError.of(Failure.of(code, "No.")).json().toString())
        .doesNotContain("retry", "details");
  }

  @Test
  void namesTheFieldAtFault() {
    var error = GeminiError.invalid("contents[0].role", "user or model").json().toJsonObject();

    assertThat(
            error
                .getJsonObject("error")
                .getJsonArray("details")
                .getJsonObject(0)
                .getJsonArray("fieldViolations")
                .getJsonObject(0)
                .getString("field"))
        .isEqualTo("contents[0].role");
  }
}
