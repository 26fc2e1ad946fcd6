package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** openai-api.md sections 4.1 and 4.2, row by row. */
class ChatCompletionDecoderTest {
  @Test
  void readsTheLeastARequestMaySay() {
    var asked = decode("{'model':'gemma3:270m','messages':[{'role':'user','content':'Hello'}]}");

    assertThat(asked)
        .isEqualTo(
            new ChatCompletion(
                "gemma3:270m",
                List.of(new ChatMessage(Role.USER, "Hello")),
                GenerationOptions.NONE,
                AnswerForm.PLAIN,
                false,
                false,
                false,
                null));
  }

  @Test
  void readsEveryOption() {
    var asked =
        with(
            """
            'stream':true,'stream_options':{'include_usage':true,'include_obfuscation':true},
            'max_completion_tokens':9,'max_tokens':7,'temperature':0.5,'top_p':1,'stop':['a','b'],
            'seed':-9223372036854775808,'frequency_penalty':-2,'presence_penalty':2,
            'reasoning_effort':'minimal','top_k':40,'min_p':0.1,'repeat_penalty':1.1,
            'user':'u','prompt_cache_key':'k'
            """);

    assertThat(asked.options())
        .isEqualTo(
            new GenerationOptions(
                0.5,
                1.0,
                40,
                9,
                List.of("a", "b"),
                Long.MIN_VALUE,
                Think.LOW,
                0.1,
                1.1,
                -2.0,
                2.0));
    assertThat(asked.stream()).isTrue();
    assertThat(asked.includeUsage()).isTrue();
    assertThat(asked.affinity()).isEqualTo("k");
  }

  @Test
  void takesTheUserForTheAffinityWhereThereIsNoCacheKey() {
    assertThat(with("'user':'u'").affinity()).isEqualTo("u");
  }

  @Test
  void takesTheDeprecatedBoundWhereThereIsNoOther() {
    assertThat(with("'max_tokens':7,'max_completion_tokens':null").options().maxTokens())
        .isEqualTo(7);
  }

  @Test
  void takesOneStopString() {
    assertThat(with("'stop':'END'").options().stop()).containsExactly("END");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "none | OFF",
        "minimal | LOW",
        "low | LOW",
        "medium | MEDIUM",
        "high | HIGH",
        "xhigh | MAX",
        "max | MAX"
      })
  void readsEveryEffort(String effort, Think think) {
    assertThat(with("'reasoning_effort':'" + effort + "'").options().think()).isEqualTo(think);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'made_up':{'by':'extra_body'}",
        "'temperature':null,'top_p':null,'n':null,'stop':null,'stream':null,'stream_options':null",
        "'n':1",
        "'stop':[]",
        "'logprobs':false,'top_logprobs':0",
        "'tools':[],'tool_choice':'none','parallel_tool_calls':true",
        "'tool_choice':'auto'",
        "'functions':[],'function_call':null",
        "'logit_bias':{}",
        "'store':true,'service_tier':'flex','metadata':{'k':'v'}",
        "'modalities':['text']",
        "'response_format':{'type':'text'}",
        "'prediction':{},'web_search_options':{},'verbosity':'low','moderation':{}",
        "'prompt_cache_options':{},'prompt_cache_retention':'24h','safety_identifier':'s'",
        "'num_ctx':8192,'keep_alive':'1h'",
        "'top_k':-1",
        "'top_k':0"
      })
  void ignoresWhatChangesNothing(String members) {
    assertThat(with(members).options()).isEqualTo(GenerationOptions.NONE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'model':7 | model",
        "'model':'' | model",
        "'model':null | model",
        "'messages':[] | messages",
        "'messages':null | messages",
        "'messages':'Hello' | messages",
        "'stream':'yes' | stream",
        "'stream_options':{} | stream_options",
        "'stream':true,'stream_options':7 | stream_options",
        "'stream':true,'stream_options':{'include_usage':1} | stream_options.include_usage",
        "'max_completion_tokens':0 | max_completion_tokens",
        "'max_completion_tokens':1.5 | max_completion_tokens",
        "'max_completion_tokens':9999999999 | max_completion_tokens",
        "'max_tokens':-1 | max_tokens",
        "'temperature':2.1 | temperature",
        "'temperature':'hot' | temperature",
        "'top_p':-0.1 | top_p",
        "'top_p':1.1 | top_p",
        "'stop':['a','b','c','d','e'] | stop",
        "'stop':[''] | stop",
        "'stop':7 | stop",
        "'seed':1.5 | seed",
        "'seed':9223372036854775808 | seed",
        "'frequency_penalty':2.5 | frequency_penalty",
        "'presence_penalty':-2.5 | presence_penalty",
        "'n':0 | n",
        "'n':129 | n",
        "'logprobs':1 | logprobs",
        "'top_logprobs':21 | top_logprobs",
        "'reasoning_effort':'huge' | reasoning_effort",
        "'user':7 | user",
        "'safety_identifier':7 | safety_identifier",
        "'prompt_cache_key':{} | prompt_cache_key",
        "'metadata':[] | metadata",
        "'metadata':{'k':7} | metadata",
        "'store':'yes' | store",
        "'service_tier':7 | service_tier",
        "'parallel_tool_calls':7 | parallel_tool_calls",
        "'top_k':-2 | top_k",
        "'min_p':2 | min_p",
        "'repeat_penalty':3 | repeat_penalty",
        "'top_logprobs':3 | top_logprobs",
        "'include_reasoning':'yes' | include_reasoning",
        "'response_format':'json' | response_format",
        "'response_format':{} | response_format.type",
        "'response_format':{'type':'xml'} | response_format.type",
        "'response_format':{'type':'json_schema'} | response_format.json_schema",
        "'response_format':{'type':'json_schema','json_schema':{'schema':{}}} | response_format.json_schema.name",
        "'response_format':{'type':'json_schema','json_schema':{'name':'n'}} | response_format.json_schema.schema",
        "'tools':'all' | tools",
        "'tools':['f'] | tools[0]",
        "'tools':[{}] | tools[0].type",
        "'tools':[{'type':'function'}] | tools[0].function",
        "'tools':[{'type':'function','function':{}}] | tools[0].function.name",
        "'tools':[{'type':'function','function':{'name':'a b'}}] | tools[0].function.name",
        "'tools':[{'type':'function','function':{'name':'f','parameters':[]}}] | tools[0].function.parameters",
        "'tools':[{'type':'function','function':{'name':'f','description':7}}] | tools[0].function.description",
        "'tools':[{'type':'function','function':{'name':'f'}},{'type':'function','function':{'name':'f'}}] | tools[1].function.name",
        "'tool_choice':'some' | tool_choice",
        "'tool_choice':7 | tool_choice",
        "'tool_choice':'required' | tool_choice",
        "'tool_choice':{'type':'function','function':{'name':'f'}} | tool_choice.function.name"
      })
  void refusesAWrongMemberByName(String members, String param) {
    assertThat(refused(members).error())
        .returns(400, OpenAiError::status)
        .returns(param, OpenAiError::param)
        .returns(null, OpenAiError::code)
        .returns("invalid_request_error", OpenAiError::type);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':2 | n",
        "'functions':[{'name':'f'}] | functions",
        "'function_call':'auto' | function_call",
        "'logit_bias':{'50256':-100} | logit_bias",
        "'modalities':['text','audio'] | modalities",
        "'audio':{'voice':'alloy','format':'wav'} | audio",
        "'tools':[{'type':'web_search'}] | tools[0].type",
        "'tool_choice':{'type':'allowed_tools'} | tool_choice"
      })
  void refusesWhatIsNotOfferedByName(String members, String param) {
    assertThat(refused(members).error())
        .returns(400, OpenAiError::status)
        .returns(param, OpenAiError::param)
        .returns("unsupported_parameter", OpenAiError::code);
  }

  @Test
  void refusesTooMuchMetadata() {
    var pairs = new StringBuilder("'metadata':{'k0':'v'");
    for (var n = 1; n < 17; n++) {
      pairs.append(",'k").append(n).append("':'v'");
    }

    assertThat(refused(pairs + "}").error().param()).isEqualTo("metadata");
    assertThat(refused("'metadata':{'" + "k".repeat(65) + "':'v'}").error().param())
        .isEqualTo("metadata");
    assertThat(refused("'metadata':{'k':'" + "v".repeat(513) + "'}").error().param())
        .isEqualTo("metadata");
    assertThat(with("'metadata':{'k':'" + "🐼".repeat(512) + "'}").model()).isEqualTo("m");
  }

  @Test
  void refusesABodyThatIsNoObject() {
    var refused = catchThrowableOfType(OpenAiException.class, () -> decode("[]"));

    assertThat(refused.error().param()).isNull();
    assertThat(refused.error().status()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'system','content':'Be brief.'} | SYSTEM | Be brief.",
        "{'role':'developer','content':'Be brief.'} | SYSTEM | Be brief.",
        "{'role':'user','content':'Hi','name':'Ann'} | USER | Hi",
        "{'role':'user','content':''} | USER | ``",
        "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]} | USER | ab",
        "{'role':'assistant','content':'Yes','refusal':null,'annotations':[],'audio':null} | ASSISTANT | Yes",
        "{'role':'assistant','content':[{'type':'refusal','refusal':'No.'}]} | ASSISTANT | No.",
        "{'role':'user','content':'a\\u0000b\\ud800c'} | USER | a\uFFFDb\uFFFDc"
      })
  void readsEveryRole(String message, Role role, String text) {
    assertThat(decode("{'model':'m','messages':[" + message + "]}").messages())
        .containsExactly(new ChatMessage(role, text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'Hi' | messages[0]",
        "{'content':'Hi'} | messages[0].role",
        "{'role':'critic','content':'Hi'} | messages[0].role",
        "{'role':'function','name':'f','content':'4'} | messages[0].role",
        "{'role':'user'} | messages[0].content",
        "{'role':'user','content':null} | messages[0].content",
        "{'role':'user','content':7} | messages[0].content",
        "{'role':'user','content':[]} | messages[0].content",
        "{'role':'assistant','content':null} | messages[0].content",
        "{'role':'assistant','content':null,'tool_calls':[]} | messages[0].content",
        "{'role':'tool','content':'4'} | messages[0].tool_call_id",
        "{'role':'tool','tool_call_id':'c'} | messages[0].content",
        "{'role':'assistant','tool_calls':'f'} | messages[0].tool_calls",
        "{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{}'}}]} | messages[0].tool_calls[0].id",
        "{'role':'assistant','tool_calls':[{'id':'c','type':'custom'}]} | messages[0].tool_calls[0].type",
        "{'role':'assistant','tool_calls':[{'id':'c','function':{'arguments':'{}'}}]} | messages[0].tool_calls[0].function.name",
        "{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':{}}}]} | messages[0].tool_calls[0].function.arguments",
        "{'role':'assistant','tool_calls':[{'id':'c','function':{'name':'f','arguments':'[1]'}}]} | messages[0].tool_calls[0].function.arguments",
        "{'role':'user','content':['Hi']} | messages[0].content[0].type",
        "{'role':'user','content':[{'type':'text'}]} | messages[0].content[0].text",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://example.com/a.png'}}]} | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png,abc'}}]} | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,'}}]} | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png;base64,?'}}]} | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/svg+xml;base64,AA=='}}]} | messages[0].content[0].image_url.url",
        "{'role':'user','content':[{'type':'image_url'}]} | messages[0].content[0].image_url.url",
        "{'role':'system','content':[{'type':'image_url'}]} | messages[0].content[0].type",
        "{'role':'assistant','content':[{'type':'image_url'}]} | messages[0].content[0].type",
        "{'role':'user','content':[{'type':'input_audio','input_audio':{}}]} | messages[0].content[0].type",
        "{'role':'user','content':[{'type':'file','file':{}}]} | messages[0].content[0].type",
        "{'role':'user','content':[{'type':'refusal','refusal':'No.'}]} | messages[0].content[0].type"
      })
  void refusesAWrongMessageByName(String message, String param) {
    var refused =
        catchThrowableOfType(
            OpenAiException.class, () -> decode("{'model':'m','messages':[" + message + "]}"));

    assertThat(refused.error().status()).isEqualTo(400);
    assertThat(refused.error().param()).isEqualTo(param);
  }

  @Test
  void readsToolsAndHowToChooseAmongThem() {
    var asked =
        with(
            """
            'tools':[{'type':'function','function':{'name':'weather','description':'Tells it.',
              'parameters':{'type':'object','properties':{}},'strict':true}},
              {'type':'function','function':{'name':'time'}}],
            'tool_choice':{'type':'function','function':{'name':'time'}},'parallel_tool_calls':false
            """);

    assertThat(asked.form().tools())
        .containsExactly(
            new Tool("weather", "Tells it.", "{\"type\":\"object\",\"properties\":{}}"),
            new Tool("time", null, null));
    assertThat(asked.form().toolChoice()).isEqualTo(new ToolChoice.Named("time"));
    assertThat(asked.oneCall()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'logprobs':true | 0",
        "'logprobs':true,'top_logprobs':20 | 20",
        "'logprobs':false,'top_logprobs':0 | ",
        "'logprobs':null | ",
      })
  void readsHowManyAlternativesAreTold(String members, Integer alternatives) {
    assertThat(with(members).form().logprobs()).isEqualTo(alternatives);
  }

  @Test
  void readsTheFormatOfTheAnswer() {
    assertThat(with("'response_format':{'type':'json_object'}").form().format())
        .isEqualTo(new ResponseFormat.Json());
    assertThat(
            with("'response_format':{'type':'json_schema','json_schema':{'name':'n',"
                    + "'strict':true,'schema':{'type':'object'}}}")
                .form()
                .format())
        .isEqualTo(new ResponseFormat.Schema("n", "{\"type\":\"object\"}"));
  }

  @Test
  void showsThoughtsOnlyWhereAsked() {
    assertThat(with("'include_reasoning':true").form().thoughts()).isTrue();
    assertThat(with("'reasoning_effort':'high'").form().thoughts()).isFalse();
  }

  @Test
  void readsCallsAndNamesTheToolThatAnswers() {
    var messages =
        decode(
                "{'model':'m','messages':[{'role':'user','content':'How warm?'},"
                    + "{'role':'assistant','content':null,'tool_calls':[{'id':'call_1',"
                    + "'type':'function','function':{'name':'weather','arguments':''}}]},"
                    + "{'role':'tool','tool_call_id':'call_1','content':[{'type':'text','text':'9'}]},"
                    + "{'role':'tool','tool_call_id':'call_9','content':'?'}]}")
            .messages();

    assertThat(messages.subList(1, 4))
        .containsExactly(
            ChatMessage.calling("", List.of(new ToolCall("call_1", "weather", "{}"))),
            ChatMessage.toolResult("call_1", "weather", "9"),
            ChatMessage.toolResult("call_9", null, "?"));
  }

  @Test
  void readsPicturesThatAreSentAlong() {
    var message =
        decode(
                "{'model':'m','messages':[{'role':'user','content':[{'type':'text','text':'What?'},"
                    + "{'type':'image_url','image_url':{'url':'data:image/jpg;base64,AAEC',"
                    + "'detail':'low'}},"
                    + "{'type':'image_url','image_url':{'url':'DATA:image/PNG;base64,AA'}}]}]}")
            .messages()
            .getFirst();

    assertThat(message)
        .isEqualTo(
            ChatMessage.showing(
                "What?", List.of(new Image("image/jpeg", "AAEC"), new Image("image/png", "AA=="))));
  }

  private static OpenAiException refused(String members) {
    return catchThrowableOfType(OpenAiException.class, () -> with(members));
  }

  /** A sound request with {@code members} in place of, or beside, its own. */
  private static ChatCompletion with(String members) {
    var model = members.contains("'model'") ? "" : "'model':'m',";
    var messages =
        members.contains("'messages'") ? "" : "'messages':[{'role':'user','content':'Hello'}],";
    return decode("{" + model + messages + members + "}");
  }

  private static ChatCompletion decode(String json) {
    return ChatCompletionDecoder.decode(StrictJson.parse(Buffer.buffer(json.replace('\'', '"'))));
  }
}
