package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openai-api.md section 7, row by row. */
class EmbeddingCodecTest {
  private static final float[] VECTOR = {0.25f, -1.0e-7f, 1f};
  private static final Embeddings EMBEDDINGS =
      new Embeddings("upstream-name", List.of(VECTOR, new float[] {0f}), new Usage(7, 0, false));

  @Test
  void readsOneTextOrSeveral() {
    assertThat(with("'input':'a'")).isEqualTo(new EmbeddingInput("m", List.of("a"), false, null));
    assertThat(with("'input':['a','b'],'encoding_format':'base64','dimensions':256,'user':'u'"))
        .isEqualTo(new EmbeddingInput("m", List.of("a", "b"), true, 256));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model':'','input':'a' | model | false",
        "'input':null | input | false",
        "'input':'' | input | false",
        "'input':[] | input | false",
        "'input':['a',''] | input | false",
        "'input':{} | input | false",
        "'input':[1,2] | input | true",
        "'input':[[1,2]] | input | true",
        "'input':'a','encoding_format':'int8' | encoding_format | false",
        "'input':'a','dimensions':0 | dimensions | false",
        "'input':'a','user':7 | user | false",
      })
  void refusesByName(String members, String param, boolean notOffered) {
    var refused = catchThrowableOfType(OpenAiException.class, () -> with(members));

    assertThat(refused.error())
        .returns(400, OpenAiError::status)
        .returns(param, OpenAiError::param)
        .returns(notOffered ? "unsupported_parameter" : null, OpenAiError::code);
  }

  @Test
  void refusesMoreTextsThanAreTakenAtOnce() {
    var many = "'a',".repeat(2048) + "'a'";

    assertThat(
            catchThrowableOfType(OpenAiException.class, () -> with("'input':[" + many + "]"))
                .error()
                .param())
        .isEqualTo("input");
  }

  @Test
  void writesNumbers() {
    assertThat(EmbeddingEncoder.encode("m", EMBEDDINGS, false).toString())
        .isEqualTo(
            "{\"object\":\"list\",\"model\":\"m\",\"data\":["
                + "{\"object\":\"embedding\",\"index\":0,\"embedding\":[0.25,-1.0E-7,1.0]},"
                + "{\"object\":\"embedding\",\"index\":1,\"embedding\":[0.0]}],"
                + "\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}");
  }

  @Test
  void writesBase64OfTheSameNumbers() {
    var json = new JsonObject(EmbeddingEncoder.encode("m", EMBEDDINGS, true));
    var text = json.getJsonArray("data").getJsonObject(0).getString("embedding");

    var read = new float[VECTOR.length];
    ByteBuffer.wrap(Base64.getDecoder().decode(text))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer()
        .get(read);

    assertThat(read).isEqualTo(VECTOR);
  }

  private static EmbeddingInput with(String members) {
    var model = members.contains("'model'") ? "" : "'model':'m',";
    return EmbeddingDecoder.decode(
        StrictJson.parse(Buffer.buffer(("{" + model + members + "}").replace('\'', '"'))));
  }
}
