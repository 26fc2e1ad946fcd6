package dev.penstock.gateway.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.kit.jwt.JwtVerifier;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** reliability.md section 5.3: a stream does not outlive its caller's credential. */
final class CredentialEndTest {
  private final Vertx vertx = Vertx.vertx();
  private final GatewayDriver gateway = GatewayDriver.start(vertx, new InMemoryStore());

  @AfterEach
  void close() {
    GatewayDriver.await(vertx.close());
  }

  @Test
  void asksANativeReaderToComeBackAndGoesOnForTheNextCredential() throws Exception {
    var expiring = expiring();
    var reader =
        EventClient.send(gateway.post(UUID.randomUUID(), "Hi").header("Expires", expiring));
    var model = gateway.generator().next().started();
    model.delta("one ");

    assertThat(reader.end().statusCode()).isEqualTo(200);

    assertThat(reader.names()).endsWith("reconnect").doesNotContain("turn.completed");
    assertThat(EventClient.json(reader.events().getLast()).get("reason").asText())
        .isEqualTo("max_age");
    model.delta("two");
    var next = EventClient.get(gateway.eventsOf(reader.turn()), reader.lastEventId());
    next.await(client -> (reader.text() + client.text()).equals("one two"), "the rest");
    model.finished();
    next.end();
    assertThat(next.names()).endsWith("turn.completed");
  }

  @Test
  void endsAResumedStreamToo() throws Exception {
    var first = gateway.stream(UUID.randomUUID(), "Hi");
    gateway.generator().next().started().delta("one");
    first.awaitText("one");

    var resumed =
        EventClient.send(
            EventClient.request(gateway.eventsOf(first.turn()))
                .header("last-event-id", first.lastEventId())
                .header("Expires", expiring()));

    resumed.end();
    assertThat(resumed.names()).containsExactly("reconnect");
    assertThat(first.isOver()).isFalse();
  }

  @Test
  void cutsAStreamThatCannotBeAskedToComeBack() throws Exception {
    var body = "{\"model\":\"sim\",\"input\":\"Hi\",\"stream\":true}";

    var reader =
        EventClient.send(
            EventClient.post(gateway.url("/v1/responses"), body).header("Expires", expiring()));
    gateway.generator().next().started().delta("one");

    assertThat(reader.cut()).isNotNull();
    assertThat(reader.names()).doesNotContain("response.completed");
  }

  /** The end of a credential that is still taken for a second, for clocks may differ. */
  private static String expiring() {
    return Instant.now().minus(JwtVerifier.LEEWAY).plusSeconds(1).toString();
  }
}
