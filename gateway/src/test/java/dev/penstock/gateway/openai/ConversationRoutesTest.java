package dev.penstock.gateway.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.session.Session;
import dev.penstock.gateway.Client;
import dev.penstock.gateway.Client.Answer;
import dev.penstock.gateway.GatewayFixture;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** openai-api.md sections 8.4, 8.7 and 9 through the whole gateway, against its own document. */
class ConversationRoutesTest {
  private static final String CONVERSATIONS = "/v1/conversations";
  private static final ToolCall LOOK = new ToolCall("call_1", "look", "{}");

  private static GatewayFixture gateway;
  private static Client client;

  @BeforeAll
  static void start() {
    gateway = new GatewayFixture();
    client = gateway.client();
  }

  @AfterAll
  static void stop() {
    gateway.close();
  }

  @AfterEach
  void isFree() {
    gateway.store.items().busy(false);
  }

  @Test
  void createsAConversationThatIsASession() {
    var created = create("'metadata':{'topic':'sky'}");

    assertThat(created.status()).isEqualTo(200);
    assertThat(created.header("x-request-id")).isNotEmpty();
    assertThat(created.header("openai-version")).isEqualTo("2020-10-01");
    var json = created.json();
    assertThat(json.get("id").asText()).matches("conv_[0-9a-f]{32}");
    assertThat(json.get("object").asText()).isEqualTo("conversation");
    assertThat(json.at("/metadata/topic").asText()).isEqualTo("sky");
    assertThat(client.get("/v1/sessions/" + session(json)).json().at("/metadata/topic").asText())
        .isEqualTo("sky");
    assertThat(client.get(CONVERSATIONS + "/" + id(json)).json()).isEqualTo(json);
  }

  @Test
  void showsASessionOfAnotherProtocolAsAConversation() {
    var session = gateway.store.add("native");

    var shown = client.get(CONVERSATIONS + "/" + name(session));

    assertThat(shown.json().get("created_at").asLong())
        .isEqualTo(session.createdAt().getEpochSecond());
    assertThat(client.get(CONVERSATIONS + "/" + name(session) + "/items").json().get("data"))
        .isEmpty();
  }

  @Test
  void createsAConversationWithItsItemsInOneCall() {
    var id =
        id(
            create("'items':[{'role':'developer','content':'Be brief.'}," + user("Hi") + "]")
                .json());

    var created = gateway.store.lastAsked().json();
    assertThat(created.get("messages")).hasSize(2);
    assertThat(created.at("/messages/0/extra"))
        .hasToString("{\"openai\":{\"role\":\"developer\"}}");
    var items = client.get(CONVERSATIONS + "/" + id + "/items?order=asc").json();
    assertThat(texts(items)).containsExactly("Be brief.", "Hi");
    assertThat(items.at("/data/0/role").asText()).isEqualTo("developer");
  }

  @Test
  void answersARepeatedKeyWithTheSameConversation() {
    var first = client.post(CONVERSATIONS, json("{'metadata':{'a':'b'}}"), "Idempotency-Key", "k1");
    var again = client.post(CONVERSATIONS, json("{'metadata':{'a':'b'}}"), "Idempotency-Key", "k1");
    var other = client.post(CONVERSATIONS, "{}", "Idempotency-Key", "k1");

    assertThat(id(again.json())).isEqualTo(id(first.json()));
    assertThat(other.status()).isEqualTo(409);
    assertThat(other.json().at("/error/code").asText()).isEqualTo("idempotency_key_reused");
    assertThat(other.header("x-should-retry")).isEqualTo("false");
  }

  /** Section 9.4. */
  @Test
  void addsUnderTheClientsKeyOrOneOfItsOwn() {
    var items = CONVERSATIONS + "/" + id(create("").json()) + "/items";
    var body = json("{'items':[" + user("Hi") + "]}");

    client.post(items, body, "Idempotency-Key", "k2");
    var first = gateway.store.lastAsked().json();
    client.post(items, body);
    var second = gateway.store.lastAsked().json();

    assertThat(first.get("client_key").asText()).isEqualTo("k2");
    assertThat(first.get("request_hash").asText()).matches("[0-9a-f]{64}");
    assertThat(second.get("client_key").asText()).startsWith("made ");
    assertThat(second.get("request_hash")).isEqualTo(first.get("request_hash"));
  }

  @Test
  void replacesTheMetadata() {
    var id = id(create("'metadata':{'a':'1','b':'2'}").json());

    var replaced = client.post(CONVERSATIONS + "/" + id, json("{'metadata':{'c':'3'}}"));
    var emptied = client.post(CONVERSATIONS + "/" + id, json("{'metadata':null}"));

    assertThat(replaced.json().get("metadata")).hasToString("{\"c\":\"3\"}");
    assertThat(emptied.json().get("metadata")).isEmpty();
    assertThat(client.post(CONVERSATIONS + "/" + id, "{}").json().at("/error/param").asText())
        .isEqualTo("metadata");
  }

  @Test
  void deletesAConversation() {
    var id = id(create("").json());

    var deleted = client.delete(CONVERSATIONS + "/" + id);

    assertThat(deleted.status()).isEqualTo(200);
    assertThat(deleted.json())
        .hasToString(json("{'id':'" + id + "','object':'conversation.deleted','deleted':true}"));
    assertThat(client.get(CONVERSATIONS + "/" + id).status()).isEqualTo(404);
  }

  @Test
  void addsItemsAndShowsThemOneByOne() {
    var id = id(create("").json());
    var call = "{'type':'function_call','call_id':'call_1','name':'look','arguments':'{}'}";

    var added =
        add(id, user("Sky?"), "{'role':'assistant','content':'Wait.'}", call, output("blue"))
            .json();

    assertThat(added.get("object").asText()).isEqualTo("list");
    assertThat(added.get("has_more").asBoolean()).isFalse();
    assertThat(added.get("data"))
        .extracting(item -> item.get("type").asText())
        .containsExactly("message", "message", "function_call", "function_call_output");
    assertThat(added.at("/data/2/id").asText()).isEqualTo("fc_call_1");
    for (var item : added.get("data")) {
      var path = CONVERSATIONS + "/" + id + "/items/" + item.get("id").asText();
      assertThat(client.get(path).json()).isEqualTo(item);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"asc", "desc"})
  void pagesThroughItemsUntilAnEmptyPage(String order) {
    var id = id(create("").json());
    add(id, user("1"), user("2"));
    gateway.store.items().answered(uuid(id), ChatMessage.calling("3", List.of(LOOK)));
    add(id, output("4"), user("5"));

    var ids = new ArrayList<String>();
    var after = "";
    JsonNode page;
    do {
      page = client.get(CONVERSATIONS + "/" + id + "/items?limit=2&order=" + order + after).json();
      page.get("data").forEach(item -> ids.add(item.get("id").asText()));
      after = "&after=" + page.get("last_id").asText();
    } while (!page.get("data").isEmpty());

    var all = client.get(CONVERSATIONS + "/" + id + "/items?limit=100&order=asc").json();
    var expected = new ArrayList<String>();
    all.get("data").forEach(item -> expected.add(item.get("id").asText()));
    assertThat(expected).hasSize(6).doesNotHaveDuplicates();
    assertThat(ids).isEqualTo(order.equals("asc") ? expected : expected.reversed());
    assertThat(page.get("first_id").isNull()).isTrue();
    assertThat(page.get("last_id").isNull()).isTrue();
  }

  @Test
  void showsTheNewestTwentyUnlessAskedOtherwise() {
    var id = id(create("").json());
    for (var i = 0; i < 3; i++) {
      add(id, Collections.nCopies(10, user("x")).toArray(String[]::new));
    }
    add(id, user("newest"));

    var page = client.get(CONVERSATIONS + "/" + id + "/items?include[]=x").json();

    assertThat(page.get("data")).hasSize(20);
    assertThat(page.get("has_more").asBoolean()).isTrue();
    assertThat(texts(page).getFirst()).isEqualTo("newest");
  }

  @Test
  void namesAnAnswerByItsTurn() {
    var id = id(create("").json());
    var item = gateway.store.items().answered(uuid(id), new ChatMessage(Role.ASSISTANT, "Blue."));

    var shown = client.get(CONVERSATIONS + "/" + id + "/items").json().at("/data/0");

    assertThat(shown.get("id").asText())
        .isEqualTo("msg_" + String.valueOf(item.message().turnId()).replace("-", ""));
    assertThat(shown.at("/content/0"))
        .hasToString(json("{'type':'output_text','text':'Blue.','annotations':[],'logprobs':[]}"));
    assertThat(client.get(CONVERSATIONS + "/" + id + "/items/" + shown.get("id").asText()).json())
        .isEqualTo(shown);
  }

  @Test
  void deletesAnItemAndAnswersTheConversation() {
    var conversation = create("'metadata':{'a':'b'}").json();
    var items = CONVERSATIONS + "/" + id(conversation) + "/items";
    var item = add(id(conversation), user("Hi")).json().at("/data/0/id").asText();

    var left = client.delete(items + "/" + item);

    assertThat(left.json()).isEqualTo(conversation);
    assertThat(client.get(items + "/" + item).status()).isEqualTo(404);
    assertThat(client.delete(items + "/" + item).status()).isEqualTo(404);
  }

  @Test
  void takesReferencesToWhatIsStored() {
    var id = id(create("").json());
    var said = add(id, user("Hi")).json().at("/data/0/id").asText();
    add(id, "{'type':'function_call','call_id':'call_7','name':'look','arguments':'{}'}");

    var copied =
        add(id, "{'type':'item_reference','id':'" + said + "'}", "{'id':'fc_call_7'}").json();
    var elsewhere = create("'items':[{'type':'item_reference','id':'" + said + "'}]").json();
    var unknown = create("'items':[" + user("a") + ",{'type':'item_reference','id':'fc_call_7'}]");

    assertThat(texts(copied).getFirst()).isEqualTo("Hi");
    assertThat(copied.at("/data/1/call_id").asText()).isEqualTo("call_7");
    assertThat(texts(client.get(CONVERSATIONS + "/" + id(elsewhere) + "/items").json()))
        .containsExactly("Hi");
    assertThat(unknown.status()).isEqualTo(404);
    assertThat(unknown.json().at("/error/param").asText()).isEqualTo("items[1].id");
  }

  @Test
  void keepsNothingOfThoughtsAlone() {
    var id = id(create("").json());

    var added = add(id, "{'type':'reasoning','id':'rs_1','summary':[]}");

    assertThat(added.json().get("data")).isEmpty();
    assertThat(add("conv_" + "0".repeat(32), "{'type':'reasoning','id':'rs_1'}").status())
        .isEqualTo(404);
  }

  /** Section 9.2. */
  @Test
  void saysThatAConversationIsLocked() {
    var id = id(create("").json());
    gateway.store.items().busy(true);

    var refused = add(id, user("Hi"));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("conversation_locked");
    assertThat(refused.header("x-should-retry")).isNotEmpty();
  }

  @Test
  void showsTheInputItemsOfAResponseAndDeletesIt() {
    var turn =
        gateway
            .store
            .items()
            .turn(new ChatMessage(Role.SYSTEM, "Brief."), new ChatMessage(Role.USER, "Sky?"));
    var response = "/v1/responses/resp_" + turn.toString().replace("-", "");

    var newest = client.get(response + "/input_items?limit=1").json();
    var rest = client.get(response + "/input_items?after=" + newest.get("last_id").asText()).json();
    var end = client.get(response + "/input_items?after=" + rest.get("last_id").asText()).json();
    var deleted = client.delete(response);

    assertThat(texts(newest)).containsExactly("Sky?");
    assertThat(newest.get("has_more").asBoolean()).isTrue();
    assertThat(texts(rest)).containsExactly("Brief.");
    assertThat(end.get("data")).isEmpty();
    assertThat(end.get("last_id").isNull()).isTrue();
    assertThat(deleted.json().get("object").asText()).isEqualTo("response");
    assertThat(deleted.json().get("deleted").asBoolean()).isTrue();
    assertThat(client.get(response + "/input_items").status()).isEqualTo(404);
    assertThat(client.delete(response).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET | /v1/conversations/conv_00000000000000000000000000000000",
        "GET | /v1/conversations/conv_1",
        "GET | /v1/conversations/0199c1e2-7b1a-7c3e-9f42-5a8b6d1c2e3f",
        "DELETE | /v1/conversations/conv_00000000000000000000000000000000",
        "DELETE | /v1/conversations/nonsense",
        "POST | /v1/conversations/conv_00000000000000000000000000000000",
        "POST | /v1/conversations/conv_X",
        "GET | /v1/conversations/conv_00000000000000000000000000000000/items",
        "POST | /v1/conversations/conv_00000000000000000000000000000000/items",
        "POST | /v1/conversations/x/items",
        "GET | /v1/conversations/@/items/msg_1",
        "GET | /v1/conversations/@/items/msg_00000000000000000000000000000000",
        "GET | /v1/conversations/@/items/fc_nope",
        "GET | /v1/conversations/@/items/fc_%00%F0%9F%98%80",
        "GET | /v1/conversations/@/items/fc_a%2Fb%3Fc",
        "GET | /v1/conversations/@/items?after=msg_00000000000000000000000000000000",
        "GET | /v1/conversations/@/items?after=nonsense",
        "DELETE | /v1/conversations/@/items/msg_00000000000000000000000000000000",
        "DELETE | /v1/conversations/@/items/rs_1",
        "GET | /v1/responses/resp_00000000000000000000000000000000/input_items",
        "GET | /v1/responses/x/input_items",
        "DELETE | /v1/responses/resp_00000000000000000000000000000000",
        "DELETE | /v1/responses/resp_1",
      })
  void answersUnknownAndMalformedIdsAlike(String method, String path) {
    var body = method.equals("POST") ? json("{'metadata':{},'items':[" + user("Hi") + "]}") : null;
    var here = id(create("").json());

    var refused = client.call(method, path.replace("@", here), body);

    assertThat(refused.status()).isEqualTo(404);
    assertThat(refused.header("Content-Type")).isEqualTo("application/json");
    assertThat(refused.json().at("/error/type").asText()).isEqualTo("invalid_request_error");
    assertThat(refused.json().get("error").size()).isEqualTo(4);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "POST |  | [] | ",
        "POST |  | {'metadata':[]} | metadata",
        "POST |  | {'metadata':{'k':7}} | metadata",
        "POST |  | {'metadata':{'':'v'}} | metadata",
        "POST |  | {'items':{}} | items",
        "POST |  | {'items':['a']} | items[0]",
        "POST |  | {'items':[{'role':'user','content':[{'type':'input_image'}]}]} |"
            + " items[0].content[0].type",
        "POST | /@ | {'metadata':'x'} | metadata",
        "POST | /@/items | {} | items",
        "POST | /@/items | {'items':[]} | items",
        "POST | /@/items | {'items':[{'type':'web_search_call'}]} | items[0].type",
        "GET | /@/items?limit=0 |  | limit",
        "GET | /@/items?limit=101 |  | limit",
        "GET | /@/items?limit=x |  | limit",
        "GET | /@/items?order=up |  | order",
      })
  void refusesByName(String method, String path, String body, String param) {
    var here = id(create("").json());
    var asked = CONVERSATIONS + (path == null ? "" : path.replace("@", here));

    var refused = client.call(method, asked, body == null ? null : json(body));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().at("/error/param").textValue()).isEqualTo(param);
  }

  @Test
  void takesAtMostTwentyItems() {
    var many = new ArrayList<String>();
    for (var i = 0; i < 21; i++) {
      many.add(user("x"));
    }
    var items = "'items':[" + String.join(",", many) + "]";
    var here = id(create("").json());

    assertThat(create(items).status()).isEqualTo(400);
    assertThat(add(here, many.toArray(String[]::new)).status()).isEqualTo(400);
    assertThat(add(here, many.subList(1, 21).toArray(String[]::new)).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({"PUT, ''", "PATCH, /@", "PUT, /@/items", "POST, /@/items/msg_1"})
  void answersOtherMethodsInItsOwnForm(String method, String path) {
    var refused =
        client.call(method, CONVERSATIONS + path.replace("@", "conv_" + "0".repeat(32)), "{}");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.json().get("error").size()).isEqualTo(4);
  }

  private static Answer create(String members) {
    return client.post(CONVERSATIONS, json("{" + members + "}"));
  }

  private static Answer add(String conversation, String... items) {
    return client.post(
        CONVERSATIONS + "/" + conversation + "/items",
        json("{'items':[" + String.join(",", items) + "]}"));
  }

  private static String user(String text) {
    return "{'role':'user','content':'" + text + "'}";
  }

  private static String output(String text) {
    return "{'type':'function_call_output','call_id':'call_1','output':'" + text + "'}";
  }

  private static List<String> texts(JsonNode list) {
    var texts = new ArrayList<String>();
    list.get("data").forEach(item -> texts.add(item.at("/content/0/text").asText()));
    return texts;
  }

  private static String id(JsonNode conversation) {
    return conversation.get("id").asText();
  }

  private static UUID session(JsonNode conversation) {
    return uuid(id(conversation));
  }

  private static UUID uuid(String conversation) {
    return PrefixedId.read(PrefixedId.CONVERSATION, conversation).orElseThrow();
  }

  private static String name(Session session) {
    return PrefixedId.of(PrefixedId.CONVERSATION, session.id());
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
