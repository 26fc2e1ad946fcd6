package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Item;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.gateway.request.StrictJson;
import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** openai-api.md section 8.3, row by row, in both directions. */
class ItemCodecTest {
  private static final UUID ID = UUID.fromString("0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f");
  private static final UUID TURN = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final String MSG = "msg_0199c1e27b1a7c3e9f425a8b6d1c2e3f";
  private static final ToolCall LOOK = new ToolCall("call_1", "look", "{}");
  private static final ToolCall LISTEN = new ToolCall("call_2", "listen", "{}");

  @Test
  void readsEveryKindOfItem() {
    assertThat(
            decode(
                """
                {'role':'user','content':'Hi'},
                {'type':'message','role':'system','content':[{'type':'input_text','text':'Be '},
                  {'type':'input_text','text':'brief.'}],'status':'completed'},
                {'role':'assistant','content':[{'type':'output_text','text':'Wait.',
                  'annotations':[],'logprobs':[]}],'id':'msg_1','type':'message'},
                {'type':'function_call','id':'fc_9','call_id':'call_1','name':'look',
                  'arguments':'{}','status':'completed'},
                {'type':'function_call','call_id':'call_2','name':'listen','arguments':'{}'},
                {'type':'reasoning','id':'rs_1','summary':[]},
                {'type':'function_call_output','call_id':'call_1','output':'blue'},
                {'type':null,'role':'assistant','content':[{'type':'refusal','refusal':'No.'}]}
                """))
        .extracting(MessageDraft::said)
        .containsExactly(
            new ChatMessage(Role.USER, "Hi"),
            new ChatMessage(Role.SYSTEM, "Be brief."),
            ChatMessage.calling("Wait.", List.of(LOOK, LISTEN)),
            ChatMessage.toolResult("call_1", "look", "blue"),
            new ChatMessage(Role.ASSISTANT, "No."));
  }

  @Test
  void remembersThatASystemsMessageWasADevelopers() {
    var draft = decode("{'role':'developer','content':'Be brief.'}").getFirst();

    var shown = ItemEncoder.encode(item(draft, false, Message.Status.COMPLETE));

    assertThat(draft.said().role()).isEqualTo(Role.SYSTEM);
    assertThat(shown)
        .singleElement()
        .hasToString(
            json(
                "{'id':'"
                    + MSG
                    + "','type':'message','status':'completed','role':'developer','content':"
                    + "[{'type':'input_text','text':'Be brief.'}]}"));
  }

  @Test
  void readsReferencesAsTheItemsTheyName() {
    var items = items("{'type':'item_reference','id':'msg_1'},{'id':'fc_call_1'}");
    Map<String, ObjectNode> found =
        Map.of(
            "msg_1",
            (ObjectNode) one("{'role':'user','content':'Hi'}"),
            "fc_call_1",
            ResponseJson.call(LOOK, "completed", "{}"));

    assertThat(ItemDecoder.references(items, "items"))
        .containsExactly(
            new ItemDecoder.Reference("msg_1", "items[0].id"),
            new ItemDecoder.Reference("fc_call_1", "items[1].id"));
    assertThat(ItemDecoder.decode(items, "items", found))
        .extracting(MessageDraft::said)
        .containsExactly(new ChatMessage(Role.USER, "Hi"), ChatMessage.calling("", List.of(LOOK)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'a' | items[0] | 400",
        "{'role':'critic','content':'a'} | items[0].role | 400",
        "{'role':'user'} | items[0].content | 400",
        "{'role':'user','content':[]} | items[0].content | 400",
        "{'role':'user','content':[{'type':'input_image'}]} | items[0].content[0].type | 400",
        "{'role':'user','content':[{'type':'input_file'}]} | items[0].content[0].type | 400",
        "{'role':'user','content':[{'type':'output_text','text':'a'}]} | items[0].content[0].type |"
            + " 400",
        "{'type':'item_reference','id':'msg_1'} | items[0].id | 404",
        "{'type':'item_reference'} | items[0].id | 400",
        "{'type':'web_search_call','id':'ws_1'} | items[0].type | 400",
        "{'type':'compaction'} | items[0].type | 400",
        "{'type':'image_generation_call'} | items[0].type | 400",
        "{'type':'function_call','call_id':'c','name':'f','arguments':'['} | items[0].arguments |"
            + " 400",
        "{'type':'function_call','name':'f','arguments':'{}'} | items[0].call_id | 400",
        "{'type':'function_call_output','call_id':'c'} | items[0].output | 400",
      })
  void refusesByName(String item, String param, int status) {
    var refused = catchThrowableOfType(OpenAiException.class, () -> decode(item));

    assertThat(refused.error())
        .returns(status, OpenAiError::status)
        .returns(param, OpenAiError::param);
  }

  @Test
  void showsAnAnswerUnderTheIdOfItsTurn() {
    var draft = MessageDraft.of(ChatMessage.calling("Wait.", List.of(LOOK, LISTEN)));

    var shown = ItemEncoder.encode(item(draft, true, Message.Status.PARTIAL));

    assertThat(shown)
        .extracting(ObjectNode::toString)
        .containsExactly(
            json(
                "{'id':'msg_0199c1e280007aaa8bbb1234567890ab','type':'message','status':"
                    + "'incomplete','role':'assistant','content':[{'type':'output_text','text':"
                    + "'Wait.','annotations':[],'logprobs':[]}]}"),
            call("call_1", "look"),
            call("call_2", "listen"));
  }

  @Test
  void showsNoMessageWhereAnAnswerOnlyCalls() {
    var draft = MessageDraft.of(ChatMessage.calling("", List.of(LOOK)));
    var silent = MessageDraft.of(new ChatMessage(Role.ASSISTANT, ""));

    assertThat(ItemEncoder.encode(item(draft, true, Message.Status.COMPLETE)))
        .extracting(ObjectNode::toString)
        .containsExactly(call("call_1", "look"));
    assertThat(ItemEncoder.encode(item(silent, false, Message.Status.COMPLETE)))
        .singleElement()
        .extracting(shown -> shown.at("/content/0/text").asText())
        .isEqualTo("");
  }

  @Test
  void showsWhatAToolAnswered() {
    var draft = MessageDraft.of(ChatMessage.toolResult("call_1", "look", "blue"));
    var nameless = MessageDraft.of(ChatMessage.toolResult(null, "look", "blue"));

    assertThat(ItemEncoder.encode(item(draft, false, Message.Status.COMPLETE)))
        .singleElement()
        .hasToString(
            json(
                "{'id':'"
                    + MSG
                    + "','type':'function_call_output','status':'completed','call_id':'call_1',"
                    + "'output':'blue'}"));
    assertThat(ItemEncoder.encode(item(nameless, false, Message.Status.COMPLETE)))
        .singleElement()
        .extracting(shown -> shown.get("call_id").asText())
        .isEqualTo("call_" + ID);
  }

  @Test
  void readsWhatItShows() {
    var drafts =
        decode(
            """
            {'role':'developer','content':'Be brief.'},{'role':'user','content':'Sky?'},
            {'type':'function_call','call_id':'call_1','name':'look','arguments':'{}'},
            {'type':'function_call_output','call_id':'call_1','output':'blue'}
            """);
    var shown =
        drafts.stream()
            .flatMap(
                draft -> ItemEncoder.encode(item(draft, false, Message.Status.COMPLETE)).stream())
            .map(ObjectNode::toString)
            .toList();

    assertThat(
            ItemDecoder.decode(
                one("[" + String.join(",", shown).replace('"', '\'') + "]"), "items", Map.of()))
        .isEqualTo(drafts);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "msg_",
        "fc_",
        "msg_0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f",
        "rs_1",
        "msg_0199C1E27B1A7C3E9F425A8B6D1C2E3F",
        "msg_0199c1e27b1a7c3e9f425a8b6d1c2e3",
        "call_1",
        "msg_0199c1e27b1a7c3e9f425a8b6d1c2e3f0",
        "MSG_0199c1e27b1a7c3e9f425a8b6d1c2e3f",
      })
  void takesNothingElseForAnId(String text) {
    assertThat(ItemId.read(text)).isEmpty();
  }

  @Test
  void readsTheIdsItWrites() {
    assertThat(ItemId.read(MSG)).contains(new ItemId.OfMessage(ID));
    assertThat(new ItemId.OfMessage(ID).text()).isEqualTo(MSG);
    assertThat(ItemId.read("fc_call_1")).contains(ItemId.of(LOOK));
    assertThat(ItemId.of(LOOK).text()).isEqualTo(ResponseJson.itemId(LOOK));
  }

  private static String call(String id, String name) {
    return json(
        "{'id':'fc_"
            + id
            + "','type':'function_call','status':'completed','call_id':'"
            + id
            + "','name':'"
            + name
            + "','arguments':'{}'}");
  }

  private static Item item(MessageDraft draft, boolean answer, Message.Status status) {
    var said = draft.said();
    @Nullable UUID turn = answer ? TURN : null;
    return new Item(
        new Message(
            ID,
            null,
            turn,
            1,
            said.role(),
            said.text(),
            null,
            status,
            null,
            null,
            said.toolCalls(),
            said.toolCallId(),
            said.toolName(),
            Instant.EPOCH),
        answer,
        draft.extra());
  }

  private static List<MessageDraft> decode(String items) {
    return ItemDecoder.decode(items(items), "items", Map.of());
  }

  private static JsonNode items(String items) {
    return one("[" + items + "]");
  }

  private static JsonNode one(String text) {
    return StrictJson.parse(Buffer.buffer(json(text)));
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
