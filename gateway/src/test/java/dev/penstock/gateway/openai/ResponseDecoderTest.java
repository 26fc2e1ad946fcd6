package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** openai-api.md sections 8.1 and 8.3, row by row. */
class ResponseDecoderTest {
  @Test
  void takesAStringForOneMessageAndInstructionsForTheSystems() {
    assertThat(with("'input':'Hello','instructions':'Be brief.','store':false").messages())
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "Be brief."), new ChatMessage(Role.USER, "Hello"));
  }

  /** Instructions are of one response alone, so they are not among what is kept. */
  @Test
  void keepsAResponseUnlessToldOtherwise() {
    var asked = with("'input':'Hello','instructions':'Be brief.'");

    assertThat(asked.input()).containsExactly(MessageDraft.of(new ChatMessage(Role.USER, "Hello")));
    assertThat(asked.instructions()).isEqualTo("Be brief.");
    assertThat(asked.keeping()).isEqualTo(new Keeping(false, null, null));
    assertThat(asked.echo().get("store").booleanValue()).isTrue();
    assertThat(with("'input':'a','store':false").keeping()).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"'conv_%s'", "{'id':'conv_%s'}"})
  void readsWhatAResponseGoesOnFrom(String conversation) {
    var id = new UUID(0x0190_0000_0000_7000L, 0x8000_0000_0000_0001L);
    var digits = "01900000000070008000000000000001";

    var chained = with("'input':'a','previous_response_id':'resp_" + digits + "'");
    var inConversation =
        with("'input':'a','background':true,'conversation':" + conversation.formatted(digits));

    assertThat(chained.keeping()).isEqualTo(new Keeping(false, id, null));
    assertThat(chained.echo().get("previous_response_id").textValue()).isEqualTo("resp_" + digits);
    assertThat(inConversation.keeping()).isEqualTo(new Keeping(true, null, id));
    assertThat(inConversation.echo().get("conversation").toString())
        .isEqualTo("{\"id\":\"conv_" + digits + "\"}");
  }

  @Test
  void readsEveryKindOfItem() {
    var asked =
        with(
            """
            'input':[{'role':'developer','content':'Be brief.'},
              {'type':'message','role':'user','content':[{'type':'input_text','text':'How '},
                {'type':'input_text','text':'warm?'}],'status':'completed'},
              {'type':'reasoning','id':'rs_1','summary':[]},
              {'id':'msg_1','type':'message','role':'assistant','status':'completed',
                'content':[{'type':'output_text','text':'Wait.','annotations':[],'logprobs':[]}]},
              {'type':'function_call','id':'fc_1','call_id':'call_1','name':'weather','arguments':'{}'},
              {'type':'function_call','call_id':'call_2','name':'time','arguments':'{}'},
              {'type':'function_call_output','call_id':'call_1','output':'9'}]
            """);

    assertThat(asked.messages())
        .containsExactly(
            new ChatMessage(Role.SYSTEM, "Be brief."),
            new ChatMessage(Role.USER, "How warm?"),
            ChatMessage.calling(
                "Wait.",
                List.of(
                    new ToolCall("call_1", "weather", "{}"), new ToolCall("call_2", "time", "{}"))),
            ChatMessage.toolResult("call_1", "weather", "9"));
  }

  @Test
  void repeatsNothingThatCouldNotBeWritten() {
    var echo = with("'input':'a','instructions':'a\\ud800b'").echo();

    assertThat(echo.get("instructions").asText()).isEqualTo("a\uFFFDb");
  }

  @Test
  void readsEveryOption() {
    var asked =
        with(
            """
            'input':'a','stream':true,'max_output_tokens':16,'temperature':0.5,'top_p':0.9,
            'reasoning':{'effort':'low'},'text':{'format':{'type':'json_schema','name':'n',
              'schema':{'type':'object'}},'verbosity':'low'},'parallel_tool_calls':false,
            'include':['message.output_text.logprobs','reasoning.encrypted_content'],
            'top_logprobs':3,'store':false,'background':false,'truncation':'auto',
            'tools':[{'type':'function','name':'time','parameters':null,'strict':true}],
            'tool_choice':{'type':'function','name':'time'},'service_tier':'auto','user':'u'
            """);

    assertThat(asked.options().maxTokens()).isEqualTo(16);
    assertThat(asked.options().think()).isEqualTo(Think.LOW);
    assertThat(asked.form().format())
        .isEqualTo(new ResponseFormat.Schema("n", "{\"type\":\"object\"}"));
    assertThat(asked.form().logprobs()).isEqualTo(3);
    assertThat(asked.form().truncates()).isTrue();
    assertThat(asked.form().tools()).containsExactly(new Tool("time", null, null));
    assertThat(asked.form().toolChoice()).isEqualTo(new ToolChoice.Named("time"));
    assertThat(asked.oneCall()).isTrue();
    assertThat(asked.stream()).isTrue();
    assertThat(asked.affinity()).isEqualTo("u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'input':null | input | 400",
        "'input':[] | input | 400",
        "'input':7 | input | 400",
        "'input':['a'] | input[0] | 400",
        "'input':[{'role':'critic','content':'a'}] | input[0].role | 400",
        "'input':[{'role':'user'}] | input[0].content | 400",
        "'input':[{'role':'user','content':[{'type':'input_image'}]}] | input[0].content[0].type |"
            + " 400",
        "'input':[{'role':'user','content':[{'type':'input_file'}]}] | input[0].content[0].type |"
            + " 400",
        "'input':[{'type':'item_reference','id':'msg_1'}] | input[0].id | 404",
        "'input':[{'type':'web_search_call'}] | input[0].type | 400",
        "'input':[{'type':'function_call','call_id':'c','name':'f','arguments':'['}] |"
            + " input[0].arguments | 400",
        "'input':[{'type':'function_call','name':'f','arguments':'{}'}] | input[0].call_id | 400",
        "'input':[{'type':'function_call_output','call_id':'c'}] | input[0].output | 400",
        "'input':'a','model':'' | model | 400",
        "'input':'a','store':'yes' | store | 400",
        "'input':'a','store':false,'background':true | background | 400",
        "'input':'a','store':false,'previous_response_id':'resp_1' | previous_response_id | 400",
        "'input':'a','store':false,'conversation':'conv_1' | conversation | 400",
        "'input':'a','previous_response_id':'resp_1' | previous_response_id | 404",
        "'input':'a','conversation':'conv_1' | conversation | 404",
        "'input':'a','conversation':{'id':7} | conversation | 400",
        "'input':'a','previous_response_id':'resp_1','conversation':'conv_1' |"
            + " previous_response_id | 400",
        "'input':'a','prompt':{'id':'p'} | prompt | 400",
        "'input':'a','truncation':'some' | truncation | 400",
        "'input':'a','max_output_tokens':15 | max_output_tokens | 400",
        "'input':'a','temperature':3 | temperature | 400",
        "'input':'a','top_logprobs':21 | top_logprobs | 400",
        "'input':'a','include':'x' | include | 400",
        "'input':'a','metadata':{'k':7} | metadata | 400",
        "'input':'a','reasoning':{'effort':'huge'} | reasoning.effort | 400",
        "'input':'a','text':{'format':{'type':'xml'}} | text.format.type | 400",
        "'input':'a','tools':[{'type':'web_search'}] | tools[0].type | 400",
        "'input':'a','tool_choice':{'type':'function','name':'f'} | tool_choice.function.name |"
            + " 400",
      })
  void refusesByName(String members, String param, int status) {
    var refused = catchThrowableOfType(OpenAiException.class, () -> with(members));

    assertThat(refused.error())
        .returns(status, OpenAiError::status)
        .returns(param, OpenAiError::param);
  }

  private static ResponseRequest with(String members) {
    var model = members.contains("'model'") ? "" : "'model':'m',";
    return ResponseDecoder.decode(
        StrictJson.parse(Buffer.buffer(("{" + model + members + "}").replace('\'', '"'))));
  }
}
