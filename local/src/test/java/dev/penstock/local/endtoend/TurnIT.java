package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static dev.penstock.local.endtoend.ChatClient.say;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A turn's life on two gateways over one database: forms, idempotency, busy, cancel, again. */
class TurnIT {
  private static Cluster cluster;

  @BeforeAll
  static void start() {
    cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  @Test
  void streamsTheAnswerOfTheModelAndStoresTheSame() {
    var session = cluster.client(0).newSession();

    var stream = cluster.client(0).turn(session, ask(30));
    var last = stream.untilEnd();

    assertThat(stream.names()).startsWith("turn.accepted").endsWith("delta", "turn.completed");
    var completed = EventStream.data(last);
    assertThat(completed.get("sha256").asText()).isEqualTo(Texts.sha256(stream.text()));
    assertThat(completed.at("/usage/output_tokens").asInt()).isEqualTo(30);
    var messages = cluster.client(1).get("/v1/sessions/" + session + "/messages").json();
    assertThat(messages.at("/data/0/role").asText()).isEqualTo("user");
    assertThat(messages.at("/data/1/text").asText()).isEqualTo(stream.text());
    assertThat(messages.at("/data/1/id").asText()).isEqualTo(completed.get("message_id").asText());
  }

  @Test
  void remembersTheConversation() {
    var session = cluster.client(0).newSession();
    cluster.client(0).turn(session, ask(10)).untilEnd();

    cluster.client(1).turn(session, ask(10)).untilEnd();

    var messages = cluster.client(0).get("/v1/sessions/" + session + "/messages").json();
    assertThat(messages.get("data")).hasSize(4);
    assertThat(cluster.client(0).get("/v1/sessions/" + session).json().get("title").asText())
        .startsWith("Tell me a story.");
  }

  @Test
  void waitsForTheWholeAnswerWhenAskedForJson() {
    var session = cluster.client(0).newSession();

    var reply = cluster.client(0).call("POST", "/v1/sessions/" + session + "/turns", ask(15));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().get("state").asText()).isEqualTo("completed");
    assertThat(reply.json().at("/output/sha256").asText())
        .isEqualTo(Texts.sha256(reply.json().at("/output/text").asText()));
    assertThat(cluster.client(1).get("/v1/turns/" + reply.json().get("id").asText()).json())
        .isEqualTo(reply.json());
  }

  @Test
  void tellsWhoWaitedForTheWholeAnswerThatItWasCancelledAsTheStoreDoes() {
    var session = cluster.client(0).newSession();
    var path = "/v1/sessions/" + session + "/turns";
    var waiting =
        CompletableFuture.supplyAsync(() -> cluster.client(0).call("POST", path, ask(3000)));
    var turns = cluster.client(1);
    await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> turns.get(path).json().get("data").size() == 1);
    var turn = turns.get(path).json().at("/data/0/id").asText();

    turns.call("POST", "/v1/turns/" + turn + "/cancel", null);

    var reply = waiting.orTimeout(20, TimeUnit.SECONDS).join();
    assertThat(reply.json().get("state").asText()).isEqualTo("cancelled");
    assertThat(turns.get("/v1/turns/" + turn).json()).isEqualTo(reply.json());
  }

  @Test
  void answersAtOnceWhenAskedToRespondAsync() {
    var session = cluster.client(0).newSession();

    var reply =
        cluster
            .client(0)
            .call("POST", "/v1/sessions/" + session + "/turns", ask(40), "Prefer", "respond-async");

    assertThat(reply.status()).isEqualTo(202);
    assertThat(reply.header("preference-applied")).isEqualTo("respond-async");
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                cluster
                    .client(1)
                    .get(reply.header("location"))
                    .json()
                    .get("state")
                    .asText()
                    .equals("completed"));
  }

  @Test
  void makesOneTurnOfManySubmissionsUnderOneKey() {
    var session = cluster.client(0).newSession();

    var replies =
        IntStream.range(0, 8)
            .mapToObj(
                i ->
                    cluster
                        .client(i % 2)
                        .callAsync(
                            "POST",
                            "/v1/sessions/" + session + "/turns",
                            ask(25),
                            "Idempotency-Key",
                            "once-" + session))
            .toList();

    assertThat(replies).allSatisfy(reply -> assertThat(reply.join().status()).isEqualTo(200));
    assertThat(replies.stream().map(reply -> reply.join().json().get("id").asText()).distinct())
        .hasSize(1);
    assertThat(replies.stream().map(reply -> reply.join().header("idempotency-replayed")))
        .filteredOn("true"::equals)
        .hasSize(7);
    var other =
        cluster
            .client(0)
            .call(
                "POST",
                "/v1/sessions/" + session + "/turns",
                ask(26),
                "Idempotency-Key",
                "once-" + session);
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().get("code").asText()).isEqualTo("idempotency_key_reused");
  }

  @Test
  void refusesASecondTurnWhileOneRunsAndNamesIt() {
    var session = cluster.client(0).newSession();
    var running = cluster.client(0).turn(session, ask(1500));
    running.untilNamed("delta");

    var busy = cluster.client(1).call("POST", "/v1/sessions/" + session + "/turns", ask(5));

    assertThat(busy.status()).isEqualTo(409);
    assertThat(busy.json().get("code").asText()).isEqualTo("turn_in_progress");
    assertThat(busy.json().get("turn_id").asText()).isEqualTo(running.turnId());
    cluster.client(0).call("POST", "/v1/turns/" + running.turnId() + "/cancel", null);
    running.untilEnd();
  }

  @Test
  void interruptsARunningTurnOnRequestAndKeepsItsText() {
    var session = cluster.client(0).newSession();
    var running = cluster.client(0).turn(session, ask(3000));
    running.untilText(20);

    var next =
        cluster
            .client(1)
            .call(
                "POST", "/v1/sessions/" + session + "/turns", ask(5, "\"on_busy\":\"interrupt\""));

    assertThat(next.status()).isEqualTo(200);
    assertThat(running.untilEnd().name()).isEqualTo("turn.cancelled");
    assertThat(output(running.turnId())).isEqualTo(running.text());
  }

  @Test
  void cancelsFromAnotherGatewayAndKeepsWhatWasSaid() {
    var session = cluster.client(0).newSession();
    var running = cluster.client(0).turn(session, ask(3000));
    running.untilText(20);

    var cancel = cluster.client(1).call("POST", "/v1/turns/" + running.turnId() + "/cancel", null);

    assertThat(cancel.status()).isIn(200, 202);
    assertThat(running.untilEnd().name()).isEqualTo("turn.cancelled");
    assertThat(output(running.turnId())).isEqualTo(running.text());
    var again = cluster.client(0).call("POST", "/v1/turns/" + running.turnId() + "/cancel", null);
    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("state").asText()).isEqualTo("cancelled");
  }

  @Test
  void regeneratesTheLastAnswerAndKeepsTheEarlierReadable() {
    var session = cluster.client(0).newSession();
    var first = cluster.client(0).turn(session, ask(12));
    first.untilEnd();

    var again =
        cluster.client(1).stream("POST", "/v1/turns/" + first.turnId() + "/regenerate", "{}");
    again.untilEnd();

    assertThat(again.turnId()).isNotEqualTo(first.turnId());
    var turn = cluster.client(0).get("/v1/turns/" + again.turnId()).json();
    assertThat(turn.get("regenerates").asText()).isEqualTo(first.turnId());
    var messages = cluster.client(0).get("/v1/sessions/" + session + "/messages").json();
    assertThat(messages.get("data")).hasSize(2);
    assertThat(messages.at("/data/1/turn_id").asText()).isEqualTo(again.turnId());
    assertThat(output(first.turnId())).isEqualTo(first.text());
  }

  @Test
  void changesNoAnswerButTheLast() {
    var session = cluster.client(0).newSession();
    var earlier = cluster.client(0).turn(session, ask(5));
    earlier.untilEnd();
    cluster.client(0).turn(session, ask(5)).untilEnd();

    for (var how : List.of("regenerate", "continue")) {
      var refused =
          cluster.client(1).call("POST", "/v1/turns/" + earlier.turnId() + "/" + how, "{}");
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.json().get("code").asText()).isEqualTo("not_last_turn");
    }
  }

  /** native-api.md section 1, in the words of the model server, of which none reach the caller. */
  @Test
  void saysThatAConversationIsLongerThanTheModelCanRead() {
    var session = cluster.client(0).newSession();

    var refused =
        cluster
            .client(0)
            .call("POST", "/v1/sessions/" + session + "/turns", say("word ".repeat(30_000)));

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("code").asText()).isEqualTo("context_length_exceeded");
    var turn = cluster.client(1).get("/v1/turns/" + refused.json().get("turn_id").asText()).json();
    assertThat(turn.get("state").asText()).isEqualTo("failed");
    assertThat(turn.at("/error/retryable").asBoolean()).isFalse();
    assertThat(turn.get("output").isNull()).isTrue();
  }

  @Test
  void continuesAPartialAnswerWithoutASeam() {
    var session = cluster.client(0).newSession();
    var running = cluster.client(0).turn(session, ask(120));
    running.untilText(60);
    cluster.client(0).call("POST", "/v1/turns/" + running.turnId() + "/cancel", null);
    running.untilEnd();
    var partial = running.text();

    var rest =
        cluster.client(1).stream("POST", "/v1/turns/" + running.turnId() + "/continue", "{}");
    rest.untilEnd();

    assertThat(rest.names()).contains("snapshot");
    assertThat(rest.text()).startsWith(partial).hasSizeGreaterThan(partial.length());
    var uncut = cluster.client(0).newSession();
    var whole = cluster.client(0).turn(uncut, ask(120));
    whole.untilEnd();
    assertThat(rest.text()).isEqualTo(whole.text());
    var messages = cluster.client(0).get("/v1/sessions/" + session + "/messages").json();
    assertThat(messages.get("data")).hasSize(2);
  }

  @Test
  void refusesToContinueWhereTheModelStartsOver() {
    var session = cluster.client(0).newSession();
    var running =
        cluster
            .client(0)
            .turn(session, ask(1500, "\"model\":\"" + cluster.modelThatStartsOver() + "\""));
    running.untilText(30);
    cluster.client(0).call("POST", "/v1/turns/" + running.turnId() + "/cancel", null);
    running.untilEnd();

    var refused =
        cluster.client(1).call("POST", "/v1/turns/" + running.turnId() + "/continue", "{}");

    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().get("code").asText()).isEqualTo("cannot_continue");
  }

  @Test
  void hidesADeletedSessionAndStopsItsTurn() {
    var session = cluster.client(0).newSession();
    var running = cluster.client(0).turn(session, ask(3000));
    running.untilText(20);

    var deleted = cluster.client(1).call("DELETE", "/v1/sessions/" + session, null);

    assertThat(deleted.status()).isEqualTo(204);
    assertThat(running.untilEnd().name()).isEqualTo("turn.cancelled");
    assertThat(cluster.client(0).get("/v1/sessions/" + session).status()).isEqualTo(404);
    assertThat(cluster.client(0).get("/v1/turns/" + running.turnId()).status()).isEqualTo(404);
  }

  private static String output(String turn) {
    return cluster.client(0).get("/v1/turns/" + turn).json().at("/output/text").asText();
  }
}
