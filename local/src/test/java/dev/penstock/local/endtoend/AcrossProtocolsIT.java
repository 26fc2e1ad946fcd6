package dev.penstock.local.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** T-1: in whatever protocol a turn is begun, it is the same turn in each of the others. */
class AcrossProtocolsIT {
  private static final String SAID = "Owls fly by night.";
  private static final String QUESTION = "[say]" + SAID;

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

  enum Protocol {
    NATIVE {
      @Override
      UUID ask(String session) {
        var turn = client.call("POST", "/v1/sessions/" + session + "/turns", ChatClient.say(SAID));
        return UUID.fromString(turn.json().get("id").asText());
      }
    },
    RESPONSES {
      @Override
      UUID ask(String session) {
        var response =
            client.call(
                "POST",
                "/v1/responses",
                "{\"model\":\"gemma3:270m\",\"conversation\":\"conv_%s\",\"input\":\"%s\"}"
                    .formatted(session.replace("-", ""), QUESTION));
        return uuid(response.json().get("id").asText().substring("resp_".length()));
      }
    },
    ADK {
      @Override
      UUID ask(String session) {
        var events =
            client.call(
                "POST",
                "/run",
                """
                {"app_name":"production_agent","user_id":"kim","session_id":"%s",
                 "new_message":{"role":"user","parts":[{"text":"%s"}]}}
                """
                    .formatted(session, QUESTION));
        return UUID.fromString(
            events.json().at("/0/invocationId").asText().substring("e-".length()));
      }
    };

    /** Asks in that session and waits for the answer; the turn's id. */
    abstract UUID ask(String session);
  }

  @ParameterizedTest
  @EnumSource
  void whatOneBeginsEveryOtherShows(Protocol protocol) {
    var session =
        client.call("POST", "/v1/sessions", "{\"user\":\"kim\"}").json().get("id").asText();

    var turn = protocol.ask(session);

    assertThat(client.get("/v1/turns/" + turn).json().at("/output/text").asText()).isEqualTo(SAID);
    var events = client.follow(turn.toString(), null);
    events.untilEnd();
    assertThat(events.text()).isEqualTo(SAID);
    assertThat(client.get("/v1/sessions/" + session + "/messages").json().get("data"))
        .extracting(message -> message.get("text").asText())
        .containsExactly(QUESTION, SAID);
    var items = "/v1/conversations/conv_" + hex(session) + "/items?order=asc";
    assertThat(client.get(items).json().get("data"))
        .extracting(item -> item.at("/content/0/text").asText())
        .containsExactly(QUESTION, SAID);
    var inAdk = "/apps/production_agent/users/kim/sessions/" + session;
    assertThat(client.get(inAdk).json().get("events"))
        .extracting(AcrossProtocolsIT::text)
        .containsExactly(QUESTION, SAID);
  }

  private static String text(JsonNode event) {
    return event.at("/content/parts/0/text").asText();
  }

  private static String hex(String uuid) {
    return uuid.replace("-", "");
  }

  private static UUID uuid(String hex) {
    return new UUID(
        Long.parseUnsignedLong(hex, 0, 16, 16), Long.parseUnsignedLong(hex, 16, 32, 16));
  }
}
