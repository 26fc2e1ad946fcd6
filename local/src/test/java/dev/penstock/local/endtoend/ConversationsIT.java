package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static dev.penstock.local.endtoend.ChatClient.say;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** T-1: a conversation of OpenAI's dialect and a session of the native API are one thing. */
class ConversationsIT {
  private static Cluster cluster;
  private static ChatClient client;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.ONE_OF_EACH);
    client = cluster.client(0);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void aConversationLivesUntilItIsDeleted() {
    var conversation =
        client
            .call(
                "POST",
                "/v1/conversations",
                json(
                    "{'metadata':{'topic':'sky'},'items':[{'role':'developer','content':'Brief.'},"
                        + "{'role':'user','content':'Hi'}]}"))
            .json();
    var path = "/v1/conversations/" + conversation.get("id").asText();

    add(path, "{'role':'assistant','content':'Hello.'}");
    var turn = client.call("POST", sessionOf(path) + "/turns", say("The sky is blue.")).json();

    var items = items(path, "?order=asc");
    assertThat(texts(items))
        .startsWith("Brief.", "Hi", "Hello.")
        .endsWith("The sky is blue.")
        .hasSize(5);
    assertThat(items.getFirst().get("role").asText()).isEqualTo("developer");
    assertThat(items.getLast().get("id").asText()).isEqualTo("msg_" + hex(turn.get("id").asText()));
    var session = client.get(sessionOf(path)).json();
    assertThat(session.at("/metadata/topic").asText()).isEqualTo("sky");
    assertThat(session.get("message_count").asInt()).isEqualTo(5);

    var left = client.call("DELETE", path + "/items/" + id(items.get(1)), null);
    assertThat(left.json()).isEqualTo(conversation);
    var rest = client.get(sessionOf(path) + "/messages").json().get("data");
    assertThat(rest).hasSize(4).noneMatch(message -> message.get("text").asText().equals("Hi"));
    assertThat(client.get(path + "/items/" + id(items.get(1))).status()).isEqualTo(404);

    assertThat(client.call("DELETE", path, null).json().get("deleted").asBoolean()).isTrue();
    for (var gone : List.of(path, path + "/items", path + "/items/" + id(items.getFirst()))) {
      assertThat(client.get(gone).status()).as(gone).isEqualTo(404);
    }
    assertThat(client.get(sessionOf(path)).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"asc", "desc"})
  void itsItemsArePagedByTwosWithoutGapOrRepeat(String order) {
    var path = conversation();
    add(path, user("1"), user("2"), user("3"));
    client.call("POST", sessionOf(path) + "/turns", ask(5));
    add(
        path,
        "{'role':'assistant','content':'Wait.'}",
        call("a"),
        call("b"),
        "{'type':'function_call_output','call_id':'a','output':'4'}");

    var seen = new ArrayList<JsonNode>();
    var after = "";
    List<JsonNode> page;
    do {
      page = items(path, "?limit=2&order=" + order + after);
      seen.addAll(page);
      after = page.isEmpty() ? "" : "&after=" + id(page.getLast());
    } while (!page.isEmpty());

    var all = items(path, "?limit=100&order=asc");
    assertThat(all).hasSize(9).doesNotHaveDuplicates();
    assertThat(seen).isEqualTo(order.equals("asc") ? all : all.reversed());
  }

  @Test
  void whatWasAddedIsToldToTheModelAndANativeSessionIsAConversation() {
    var session = client.newSession();
    var path = "/v1/conversations/conv_" + hex(session);
    var before = prompt(client.call("POST", "/v1/sessions/" + session + "/turns", ask(5)).json());

    add(path, user("A long story of many words that the model has to read before it answers."));
    var after = prompt(client.call("POST", "/v1/sessions/" + session + "/turns", ask(5)).json());

    assertThat(after).isGreaterThan(2 * before);
    assertThat(client.get(path).json().get("id").asText()).isEqualTo("conv_" + hex(session));
  }

  /** openai-api.md section 9.2. */
  @Test
  void nothingIsAddedToAConversationThatIsBeingAnswered() {
    var path = conversation();
    var turn = client.turn(session(path), ask(2000));
    turn.next();

    var refused = client.call("POST", path + "/items", json("{'items':[" + user("Hi") + "]}"));

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().at("/error/code").asText()).isEqualTo("conversation_locked");
    client.call(
        "POST",
        "/v1/turns/" + EventStream.data(turn.seen().getFirst()).get("turn_id").asText() + "/cancel",
        null);
    turn.untilEnd();
    add(path, user("Hi"));
  }

  @Test
  void theInputOfATurnIsThatOfAResponseThatCanBeDeleted() {
    var path = conversation();
    var turn = client.call("POST", sessionOf(path) + "/turns", ask(5)).json();
    var response = "/v1/responses/resp_" + hex(turn.get("id").asText());

    var inputs = client.get(response + "/input_items").json().get("data");
    var deleted = client.call("DELETE", response, null);

    assertThat(inputs).hasSize(1);
    assertThat(id(inputs.get(0))).isEqualTo("msg_" + hex(turn.at("/input/message_id").asText()));
    assertThat(deleted.json().get("deleted").asBoolean()).isTrue();
    assertThat(client.get(response + "/input_items").status()).isEqualTo(404);
    assertThat(client.get("/v1/turns/" + turn.get("id").asText()).status()).isEqualTo(404);
    assertThat(items(path, "")).hasSize(2);
  }

  /** openai-api.md section 8.3. */
  @Test
  void aResponseMayReferToWhatAConversationHolds() {
    var path = conversation();
    add(path, user("A long story of many words that the model has to read before it answers."));
    var reference = "{'type':'item_reference','id':'" + id(items(path, "").getFirst()) + "'}";

    var plain = respond(user("Hi"));
    var referring = respond(reference + "," + user("Hi"));

    assertThat(referring.at("/usage/input_tokens").asInt())
        .isGreaterThan(2 * plain.at("/usage/input_tokens").asInt());
    var inputs = client.get("/v1/responses/" + id(referring) + "/input_items?order=asc").json();
    assertThat(inputs.at("/data/0/content/0/text").asText()).startsWith("A long story");
    assertThat(inputs.at("/data/1/content/0/text").asText()).isEqualTo("Hi");
  }

  private static JsonNode respond(String items) {
    var body = "{'model':'gemma3:270m','max_output_tokens':16,'input':[" + items + "]}";
    return client.call("POST", "/v1/responses", json(body)).json();
  }

  private static String conversation() {
    return "/v1/conversations/" + id(client.call("POST", "/v1/conversations", "{}").json());
  }

  private static void add(String path, String... items) {
    var added =
        client.call("POST", path + "/items", json("{'items':[" + String.join(",", items) + "]}"));
    assertThat(added.status()).isEqualTo(200);
    assertThat(added.json().get("data")).hasSize(items.length);
  }

  private static List<JsonNode> items(String path, String query) {
    var items = new ArrayList<JsonNode>();
    client.get(path + "/items" + query).json().get("data").forEach(items::add);
    return items;
  }

  private static List<String> texts(List<JsonNode> items) {
    return items.stream().map(item -> item.at("/content/0/text").asText()).toList();
  }

  private static int prompt(JsonNode turn) {
    return turn.at("/output/usage/input_tokens").asInt();
  }

  private static String user(String text) {
    return "{'role':'user','content':'" + text + "'}";
  }

  private static String call(String id) {
    return "{'type':'function_call','call_id':'" + id + "','name':'look','arguments':'{}'}";
  }

  private static String id(JsonNode entity) {
    return entity.get("id").asText();
  }

  private static String sessionOf(String path) {
    return "/v1/sessions/" + session(path);
  }

  private static String session(String path) {
    var hex = path.substring(path.indexOf("conv_") + 5);
    return new UUID(Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16))
        .toString();
  }

  private static String hex(String uuid) {
    return uuid.replace("-", "");
  }

  private static String json(String text) {
    return text.replace('\'', '"');
  }
}
