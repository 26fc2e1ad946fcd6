package dev.penstock.proxy.ollama;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.proxy.generation.Setback;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The texts of ollama-api.md section 7. */
class OllamaErrorsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          400 | the prompt is longer than the context length currently available to the model; ... | REJECTED | CONTEXT_LENGTH_EXCEEDED
          400 | request (36048 tokens) exceeds the available context size (4096 tokens) | REJECTED | CONTEXT_LENGTH_EXCEEDED
          400 | the input length exceeds the context length | REJECTED | CONTEXT_LENGTH_EXCEEDED
          500 | {"code":400,"type":"exceed_context_size_error"} | REJECTED | CONTEXT_LENGTH_EXCEEDED
          400 | "tiny" does not support thinking | REJECTED | INVALID_REQUEST
          404 | model 'nope' not found | REJECTED | MODEL_NOT_FOUND
          503 | server busy, please try again.  maximum pending requests exceeded | NO_SLOT | NO_CAPACITY
          429 | Rate exceeded. | NO_SLOT | NO_CAPACITY
          500 | model runner has unexpectedly stopped, this may be due to resource limitations | FAILED | UPSTREAM_FAILED
          502 | Bad Gateway | FAILED | UPSTREAM_FAILED
          403 | '' | FAILED | UPSTREAM_FAILED
          """)
  void saysWhatAStatusMeansToUs(int status, String text, Setback.Kind kind, FailureCode code) {
    var setback = OllamaErrors.ofStatus(status, text);

    assertThat(setback.kind()).isEqualTo(kind);
    assertThat(setback.failure().code()).isEqualTo(code);
  }
}
