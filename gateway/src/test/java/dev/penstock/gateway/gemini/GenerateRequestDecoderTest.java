package dev.penstock.gateway.gemini;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** gemini-api.md section 3, row by row. */
class GenerateRequestDecoderTest {
  private static final String CONTENTS = "'contents':[{'parts':[{'text':'Hello'}]}]";

  @Test
  void readsTheLeastARequestMaySay() {
    var asked = decode("{" + CONTENTS + "}");

    assertThat(asked)
        .isEqualTo(
            new GenerateRequest(
                List.of(new ChatMessage(Role.USER, "Hello")),
                GenerationOptions.NONE,
                AnswerForm.PLAIN,
                false));
  }

  /** Section 3.1 rules 1 and 2: as the Python client mixes them. */
  @Test
  void readsBothSpellingsAndFloatsForWholeNumbers() {
    var asked =
        decode(
            """
            {'system_instruction':{'role':'user','parts':[{'text':'Be '},{'text':'brief.'}]},
             'contents':[{'role':'user','parts':[{'text':'What is in '},{'text':'this?'},
               {'inlineData':{'mime_type':'image/PNG','data':'iVBORw0KGgo'}}]}],
             'generationConfig':{'temperature':0,'topK':40.0,'max_output_tokens':'200',
               'topP':0.9,'stopSequences':['a','b','c','d','e'],'seed':7,'presence_penalty':1.5,
               'frequencyPenalty':-2,'thinkingConfig':{'include_thoughts':true,'thinking_budget':0}},
             'safetySettings':[{'category':'HARM_CATEGORY_HARASSMENT','threshold':'BLOCK_NONE'}],
             'serviceTier':'x','labels':{},'model':'models/other'}
            """);

    assertThat(asked.messages().getFirst()).isEqualTo(new ChatMessage(Role.SYSTEM, "Be brief."));
    assertThat(asked.messages().getLast().text()).isEqualTo("What is in this?");
    assertThat(asked.messages().getLast().images())
        .singleElement()
        .returns("image/png", image -> image.mediaType())
        .returns("iVBORw0KGgo=", image -> image.base64());
    assertThat(asked.options())
        .isEqualTo(
            new GenerationOptions(
                0.0,
                0.9,
                40,
                200,
                List.of("a", "b", "c", "d", "e"),
                7L,
                Think.OFF,
                null,
                null,
                -2.0,
                1.5));
    assertThat(asked.form().thoughts()).isTrue();
    assertThat(asked.isText()).isFalse();
  }

  /** Section 3.3: chat helpers send an answer back in as many contents as it had chunks. */
  @Test
  void mergesWhatOneRoleSaysInARowWithNothingBetween() {
    var asked =
        decode(
            """
            {'contents':[{'role':'user','parts':[{'text':'a'}]},
              {'role':'model','parts':[{'text':'Hel'}]},
              {'role':'model','parts':[{'text':'hmm','thought':true},{'text':'lo'}]},
              {'role':'model','parts':[{'text':''}]},
              {'role':'model','parts':[{'text':' end'}]},
              {'role':'user','parts':[{'text':'b'}]}]}
            """);

    assertThat(asked.messages())
        .containsExactly(
            new ChatMessage(Role.USER, "a"),
            new ChatMessage(Role.ASSISTANT, "Hello end"),
            new ChatMessage(Role.USER, "b"));
  }

  @Test
  void readsCallsAndTheirResultsAndTouchesNothingInside() {
    var asked =
        decode(
            """
            {'contents':[{'parts':[{'text':'How warm?'}]},
              {'role':'model','parts':[
                {'functionCall':{'name':'warmth','args':{'in_city':'Rome','aB':null}}},
                {'functionCall':{'id':'mine','name':'warmth'},'thoughtSignature':'abc'}]},
              {'role':'function','parts':[
                {'function_response':{'name':'warmth','response':{'is_warm':true}}},
                {'functionResponse':{'id':'mine','name':'warmth','response':{'c':9}}}]}]}
            """);

    assertThat(asked.messages())
        .containsExactly(
            new ChatMessage(Role.USER, "How warm?"),
            ChatMessage.calling(
                "",
                List.of(
                    new ToolCall("call_1", "warmth", "{\"in_city\":\"Rome\",\"aB\":null}"),
                    new ToolCall("mine", "warmth", "{}"))),
            ChatMessage.toolResult("call_1", "warmth", "{\"is_warm\":true}"),
            ChatMessage.toolResult("mine", "warmth", "{\"c\":9}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{}",
        "{'temperature':null,'topK':null,'stopSequences':null,'thinkingConfig':null}",
        "{'candidateCount':1,'responseMimeType':'text/plain','stopSequences':[]}",
        "{'responseModalities':[]}",
        "{'responseModalities':['TEXT']}",
        "{'mediaResolution':'X','speechConfig':{},'imageConfig':{},'enableEnhancedCivicAnswers':true}",
        "{'thinkingConfig':{'thinkingBudget':-1}}",
        "{'thinkingConfig':{'thinkingBudget':1024,'thinkingLevel':'THINKING_LEVEL_UNSPECIFIED'}}",
        "{'responseLogprobs':false,'madeUp':{'by':'a newer client'}}"
      })
  void ignoresWhatChangesNothing(String config) {
    var asked = decode("{" + CONTENTS + ",'generationConfig':" + config + "}");

    assertThat(asked.options()).isEqualTo(GenerationOptions.NONE);
    assertThat(asked.form()).isEqualTo(AnswerForm.PLAIN);
  }

  @ParameterizedTest
  @CsvSource({"minimal, OFF", "LOW, LOW", "MEDIUM, MEDIUM", "HIGH, HIGH"})
  void readsEveryThinkingLevel(String level, Think think) {
    var asked = with("'generationConfig':{'thinkingConfig':{'thinkingLevel':'" + level + "'}}");

    assertThat(asked.options().think()).isEqualTo(think);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'responseMimeType':'application/json'} | -",
        "{'responseMimeType':'application/json','responseSchema':{'type':'OBJECT'}} |"
            + " {\"type\":\"object\"}",
        "{'response_mime_type':'application/json','response_json_schema':{'type':['a','b'],'x_Y':1}}"
            + " | {\"type\":[\"a\",\"b\"],\"x_Y\":1}",
        "{'responseMimeType':'application/json','_responseJsonSchema':{'type':'array'}} |"
            + " {\"type\":\"array\"}",
        "{'responseMimeType':'text/x.enum','responseSchema':{'type':'STRING','enum':['a','b']}} |"
            + " {\"type\":\"string\",\"enum\":[\"a\",\"b\"]}",
      })
  void readsEveryFormatOfTheAnswer(String config, String schema) {
    var asked = with("'generationConfig':" + config);

    assertThat(asked.form().format())
        .isEqualTo(
            schema.equals("-")
                ? new ResponseFormat.Json()
                : new ResponseFormat.Schema(null, schema));
    assertThat(asked.isEnum()).isEqualTo(config.contains("x.enum"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"{'responseLogprobs':true} | 0", "{'responseLogprobs':true,'logprobs':5} | 5"})
  void readsProbabilities(String config, int alternatives) {
    assertThat(with("'generationConfig':" + config).form().logprobs()).isEqualTo(alternatives);
  }

  /** Section 3.5. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "-",
      value = {
        "- | AUTO | f g",
        "'AUTO' | AUTO | f g",
        "'MODE_UNSPECIFIED' | AUTO | f g",
        "'AUTO','allowedFunctionNames':['f'] | AUTO | f g",
        "'NONE' | AUTO | ``",
        "'ANY' | REQUIRED | f g",
        "'any','allowed_function_names':['g'] | REQUIRED | g",
        "'VALIDATED','allowedFunctionNames':['f'] | AUTO | f"
      })
  void readsToolsAndWhetherToCallThem(String mode, String choice, String offered) {
    var config =
        mode == null ? "" : ",'toolConfig':{'functionCallingConfig':{'mode':" + mode + "}}";
    var form =
        with("'tools':[{'functionDeclarations':[{'name':'f'}]},{'function_declarations':[{'name':'g'}]}]"
                + config)
            .form();

    assertThat(form.toolChoice())
        .isEqualTo(choice.equals("AUTO") ? ToolChoice.AUTO : new ToolChoice.Required());
    assertThat(String.join(" ", form.tools().stream().map(tool -> tool.name()).toList()))
        .isEqualTo(offered);
  }

  @Test
  void readsParametersOfEitherKind() {
    var tools =
        with("""
        'tools':[{'functionDeclarations':[
          {'name':'f','description':'F','parameters':{'type':'OBJECT','properties':{'a_B':{'type':'STRING'}}}},
          {'name':'g','parametersJsonSchema':{'type':'object','additionalProperties':false}}]}]
        """)
            .form()
            .tools();

    assertThat(tools.getFirst().parameters())
        .isEqualTo("{\"type\":\"object\",\"properties\":{\"a_B\":{\"type\":\"string\"}}}");
    assertThat(tools.getFirst().description()).isEqualTo("F");
    assertThat(tools.getLast().parameters())
        .isEqualTo("{\"type\":\"object\",\"additionalProperties\":false}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | body",
        "{} | contents",
        "{'contents':[]} | contents",
        "{'contents':'Hello'} | contents",
        "{'contents':[7]} | contents[0]",
        "{'contents':[{'role':'user','parts':[]}]} | contents",
        "{'contents':[{'role':'system','parts':[{'text':'a'}]}]} | contents[0].role",
        "{'contents':[{'parts':'Hello'}]} | contents[0].parts",
        "{'contents':[{'parts':[{'text':7}]}]} | contents[0].parts[0].text",
        "{'contents':[{'parts':[{'fileData':{'fileUri':'x'}}]}]} | contents[0].parts[0].fileData",
        "{'contents':[{'parts':[{'executable_code':{}}]}]} | contents[0].parts[0].executableCode",
        "{'contents':[{'parts':[{'codeExecutionResult':{}}]}]} |"
            + " contents[0].parts[0].codeExecutionResult",
        "{'contents':[{'parts':[{'inlineData':{'mimeType':'audio/wav','data':'AAAA'}}]}]} |"
            + " contents[0].parts[0].inlineData.mimeType",
        "{'contents':[{'parts':[{'inlineData':{'mimeType':'image/png','data':'*'}}]}]} |"
            + " contents[0].parts[0].inlineData.data",
        "{'contents':[{'role':'model','parts':[{'inlineData':{'mimeType':'image/png','data':'AAAA'}}]}]}"
            + " | contents[0].parts[0].inlineData",
        "{'contents':[{'parts':[{'functionCall':{'name':'f'}}]}]} |"
            + " contents[0].parts[0].functionCall",
        "{'contents':[{'role':'model','parts':[{'functionCall':{}}]}]} |"
            + " contents[0].parts[0].functionCall.name",
        "{'contents':[{'role':'model','parts':[{'functionCall':{'name':'f','args':[]}}]}]} |"
            + " contents[0].parts[0].functionCall.args",
        "{'contents':[{'parts':[{'functionResponse':{'name':'f','response':'x'}}]}]} |"
            + " contents[0].parts[0].functionResponse.response",
      })
  void refusesWrongContentsByName(String body, String field) {
    assertThat(refused(body))
        .returns(RpcStatus.INVALID_ARGUMENT, GeminiError::status)
        .returns(field, GeminiError::field);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'generationConfig':7 | generationConfig",
        "'generationConfig':{'temperature':2.1} | generationConfig.temperature",
        "'generationConfig':{'temperature':'1'} | generationConfig.temperature",
        "'generationConfig':{'topP':1.1} | generationConfig.topP",
        "'generationConfig':{'topK':0} | generationConfig.topK",
        "'generationConfig':{'topK':1.5} | generationConfig.topK",
        "'generationConfig':{'maxOutputTokens':0} | generationConfig.maxOutputTokens",
        "'generationConfig':{'maxOutputTokens':'many'} | generationConfig.maxOutputTokens",
        "'generationConfig':{'stopSequences':['a','b','c','d','e','f']} |"
            + " generationConfig.stopSequences",
        "'generationConfig':{'stopSequences':['']} | generationConfig.stopSequences",
        "'generationConfig':{'stopSequences':'a'} | generationConfig.stopSequences",
        "'generationConfig':{'seed':1.5} | generationConfig.seed",
        "'generationConfig':{'presencePenalty':2.5} | generationConfig.presencePenalty",
        "'generationConfig':{'frequency_penalty':-2.5} | generationConfig.frequencyPenalty",
        "'generationConfig':{'candidateCount':2} | generationConfig.candidateCount",
        "'generationConfig':{'candidateCount':0} | generationConfig.candidateCount",
        "'generationConfig':{'responseMimeType':'image/png'} | generationConfig.responseMimeType",
        "'generationConfig':{'responseSchema':{'type':'OBJECT'}} |"
            + " generationConfig.responseMimeType",
        "'generationConfig':{'responseMimeType':'application/json','responseSchema':{},'responseJsonSchema':{}}"
            + " | generationConfig.responseSchema",
        "'generationConfig':{'responseMimeType':'application/json','responseSchema':{'type':'THING'}}"
            + " | generationConfig.responseSchema.type",
        "'generationConfig':{'responseMimeType':'text/x.enum'} | generationConfig.responseSchema",
        "'generationConfig':{'thinkingConfig':{'thinkingLevel':'HUGE'}} |"
            + " generationConfig.thinkingConfig.thinkingLevel",
        "'generationConfig':{'thinkingConfig':{'includeThoughts':1}} |"
            + " generationConfig.thinkingConfig.includeThoughts",
        "'generationConfig':{'responseModalities':['IMAGE']} | generationConfig.responseModalities",
        "'generationConfig':{'logprobs':3} | generationConfig.logprobs",
        "'generationConfig':{'responseLogprobs':true,'logprobs':21} | generationConfig.logprobs",
        "'tools':[{'googleSearch':{}}] | tools[0].googleSearch",
        "'tools':[{'codeExecution':{}}] | tools[0].codeExecution",
        "'tools':[{'url_context':{}}] | tools[0].url_context",
        "'tools':[{'functionDeclarations':[{}]}] | tools[0].functionDeclarations[0].name",
        "'tools':[{'functionDeclarations':[{'name':'f'},{'name':'f'}]}] |"
            + " tools[0].functionDeclarations[1].name",
        "'toolConfig':{'functionCallingConfig':{'mode':'SOME'}} |"
            + " toolConfig.functionCallingConfig.mode",
        "'systemInstruction':{'parts':[{'inlineData':{}}]} | systemInstruction.parts[0]",
      })
  void refusesAWrongMemberByName(String members, String field) {
    assertThat(refused("{" + CONTENTS + "," + members + "}"))
        .returns(RpcStatus.INVALID_ARGUMENT, GeminiError::status)
        .returns(field, GeminiError::field);
  }

  @Test
  void knowsOfNothingCached() {
    assertThat(refused("{" + CONTENTS + ",'cachedContent':'cachedContents/1'}").status())
        .isEqualTo(RpcStatus.NOT_FOUND);
  }

  /** Section 6: what is counted goes bare or as a whole request, not both. */
  @Test
  void readsWhatIsToBeCounted() {
    var whole =
        CountRequestDecoder.decode(
            json(
                "{'generateContentRequest':{'model':'m',"
                    + CONTENTS
                    + ",'systemInstruction':{'parts':{'text':'Be brief.'}}}}"));

    assertThat(whole.messages()).hasSize(2);
    assertThat(whole.toCount().options()).isEqualTo(GenerationOptions.NONE.withMaxTokens(1));
    assertThat(CountRequestDecoder.decode(json("{" + CONTENTS + "}")).messages()).hasSize(1);
    assertThat(
            catchThrowableOfType(
                    GeminiException.class,
                    () ->
                        CountRequestDecoder.decode(
                            json("{" + CONTENTS + ",'generateContentRequest':{}}")))
                .error()
                .field())
        .isEqualTo("contents");
    assertThat(
            catchThrowableOfType(
                    GeminiException.class,
                    () -> CountRequestDecoder.decode(json("{'generateContentRequest':{}}")))
                .error()
                .status())
        .isEqualTo(RpcStatus.INVALID_ARGUMENT);
  }

  private static GenerateRequest with(String members) {
    return decode("{" + CONTENTS + "," + members + "}");
  }

  private static GeminiError refused(String body) {
    return catchThrowableOfType(GeminiException.class, () -> decode(body)).error();
  }

  private static GenerateRequest decode(String body) {
    return GenerateRequestDecoder.decode(json(body));
  }

  private static JsonNode json(String text) {
    return Wire.decode(text.replace('\'', '"'), JsonNode.class);
  }
}
