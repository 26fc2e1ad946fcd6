package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openai-api.md section 6, row by row. */
class CompletionDecoderTest {
  @Test
  void boundsTheAnswerWhereTheCallerDoesNot() {
    var asked = with("'prompt':'Once'");

    assertThat(asked.prompt()).isEqualTo("Once");
    assertThat(asked.options().maxTokens()).isEqualTo(16);
    assertThat(asked.stream()).isFalse();
  }

  @Test
  void readsEveryOption() {
    var asked =
        with(
            "'prompt':['Once'],'max_tokens':7,'temperature':0.5,'top_p':0.9,'n':1,'best_of':1,"
                + "'stream':true,'stream_options':{'include_usage':true},'echo':false,'stop':'END',"
                + "'frequency_penalty':1,'presence_penalty':-1,'seed':3,'suffix':null,'user':'u',"
                + "'logit_bias':{},'logprobs':null");

    assertThat(asked.prompt()).isEqualTo("Once");
    assertThat(asked.options().maxTokens()).isEqualTo(7);
    assertThat(asked.options().stop()).containsExactly("END");
    assertThat(asked.options().seed()).isEqualTo(3);
    assertThat(asked.stream()).isTrue();
    assertThat(asked.includeUsage()).isTrue();
    assertThat(asked.affinity()).isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model':null,'prompt':'a' | model | false",
        "'prompt':null | prompt | false",
        "'prompt':'' | prompt | false",
        "'prompt':[] | prompt | false",
        "'prompt':{} | prompt | false",
        "'prompt':['a','b'] | prompt | true",
        "'prompt':[1] | prompt | true",
        "'prompt':[[1,2]] | prompt | true",
        "'prompt':'a','max_tokens':0 | max_tokens | false",
        "'prompt':'a','n':2 | n | true",
        "'prompt':'a','best_of':2 | best_of | true",
        "'prompt':'a','echo':true | echo | true",
        "'prompt':'a','logprobs':0 | logprobs | true",
        "'prompt':'a','logprobs':6 | logprobs | false",
        "'prompt':'a','logit_bias':{'1':2} | logit_bias | true",
        "'prompt':'a','suffix':'end' | suffix | true",
        "'prompt':'a','temperature':3 | temperature | false",
        "'prompt':'a','stream_options':{} | stream_options | false",
      })
  void refusesByName(String members, String param, boolean notOffered) {
    var refused = catchThrowableOfType(OpenAiException.class, () -> with(members));

    assertThat(refused.error())
        .returns(400, OpenAiError::status)
        .returns(param, OpenAiError::param)
        .returns(notOffered ? "unsupported_parameter" : null, OpenAiError::code);
  }

  private static Completion with(String members) {
    var model = members.contains("'model'") ? "" : "'model':'m',";
    return CompletionDecoder.decode(
        StrictJson.parse(Buffer.buffer(("{" + model + members + "}").replace('\'', '"'))));
  }
}
