package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** gemini-api.md section 1: paths, and model ids in them. */
class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "/v1beta/models/gemma3:4b:generateContent, gemma3:4b, generateContent, false",
    "/v1/models/gemma3:4b:streamGenerateContent, gemma3:4b, streamGenerateContent, false",
    "/v1alpha/models/gemma-3-4b-it:countTokens, gemma-3-4b-it, countTokens, false",
    "/v1beta/models/gemma3%3A4b:generateContent, gemma3:4b, generateContent, false",
    "/v1beta/models/gemma3%3A4b%3AgenerateContent, gemma3:4b, generateContent, false",
    "/v1beta/models/library%2Fgemma4:e2b:generateContent, library/gemma4:e2b, generateContent,"
        + " false",
    "/v1beta/models/library/gemma4:e2b:generateContent, library/gemma4:e2b, generateContent, false",
    "/v1beta/models/models/gemma3:4b:generateContent, gemma3:4b, generateContent, false",
    "/v1beta/models/a+b:generateContent, a+b, generateContent, false",
    "/v1beta1/publishers/google/models/gemma3:4b:generateContent, gemma3:4b, generateContent, true",
    "/v1beta1/projects/p/locations/l/publishers/google/models/m:countTokens, m, countTokens, true",
  })
  void splitsAtTheLastColon(String path, String model, String method, boolean vertex) {
    var target = Target.of(path);

    assertThat(target.call()).isEqualTo(new Target.Call(model, method));
    assertThat(target.vertex()).isEqualTo(vertex);
  }

  @Test
  void takesTheRestOfThePathForTheModel() {
    assertThat(Target.of("/v1beta/models/gemma3:4b").id()).isEqualTo("gemma3:4b");
    assertThat(Target.of("/v1beta/models").id()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1beta/tunedModels/x:generateContent",
        "/v1beta/dynamic/x:generateContent",
        "/v1beta/files",
        "/v1beta/cachedContents",
        "/v1beta/projects/p/locations/l/models",
        "/v1gamma/models/x:generateContent",
        "/v1beta/modelsx",
      })
  void knowsNoOtherPath(String path) {
    assertThat(status(() -> Target.of(path))).isEqualTo(RpcStatus.NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "embedContent, UNIMPLEMENTED",
    "batchEmbedContents, UNIMPLEMENTED",
    "generateAnswer, UNIMPLEMENTED",
    "generatecontent, NOT_FOUND",
    "4b, NOT_FOUND",
  })
  void tellsWhatIsNotOfferedFromWhatNobodyHas(String method, RpcStatus status) {
    assertThat(status(() -> Method.of(method))).isEqualTo(status);
  }

  @Test
  void refusesABrokenEscape() {
    assertThat(status(() -> Target.of("/v1beta/models/a%zz:generateContent")))
        .isEqualTo(RpcStatus.INVALID_ARGUMENT);
  }

  private static RpcStatus status(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    return catchThrowableOfType(GeminiException.class, call).error().status();
  }
}
