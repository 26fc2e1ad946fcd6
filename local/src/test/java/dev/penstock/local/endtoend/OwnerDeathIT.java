package dev.penstock.local.endtoend;

import static dev.penstock.local.endtoend.ChatClient.ask;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** T-20 to T-23 as far as adoption is not part: a dead owner's turn ends with its stored text. */
class OwnerDeathIT {
  @Test
  void closesTheTurnOfADeadOwnerAsInterruptedWithWhatReadersSaw() {
    try (var cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH)) {
      var session = cluster.client(0).newSession();
      var owner = cluster.client(0).turn(session, ask(8000));
      var elsewhere = cluster.client(1).follow(owner.turnId(), null);
      elsewhere.untilText(100);

      cluster.killGateway(0);
      owner.untilBroken();
      var died = System.nanoTime();
      var last = elsewhere.untilEnd();

      assertThat(last.name()).isEqualTo("turn.interrupted");
      assertThat(Duration.ofNanos(System.nanoTime() - died)).isLessThan(Duration.ofSeconds(15));
      var turn = cluster.client(1).get("/v1/turns/" + owner.turnId()).json();
      assertThat(turn.get("state").asText()).isEqualTo("interrupted");
      var stored = turn.at("/output/text").asText();
      assertThat(stored).isEqualTo(elsewhere.text());
      assertThat(owner.text()).startsWith(stored.substring(0, Math.min(stored.length(), 50)));
      assertThat(stored.startsWith(owner.text()) || owner.text().startsWith(stored)).isTrue();

      var resumed = cluster.client(1).follow(owner.turnId(), owner.position());
      resumed.untilEnd();
      assertThat(resumed.seen().getLast().name()).isEqualTo("turn.interrupted");
      if (owner.text().length() > stored.length()) {
        assertThat(resumed.text()).isEqualTo(stored);
      }
      assertThat(cluster.client(1).turn(session, ask(5)).untilEnd().name())
          .isEqualTo("turn.completed");
    }
  }

  @Test
  void goesOnWhenASessionServiceDies() {
    try (var cluster = Cluster.start(Cluster.Shape.TWO_OF_EACH)) {
      var session = cluster.client(0).newSession();
      var running = cluster.client(0).turn(session, ask(500));
      running.untilText(40);

      cluster.killSessionService(0);
      var last = running.untilEnd();

      assertThat(last.name()).isEqualTo("turn.completed");
      assertThat(EventStream.data(last).get("sha256").asText())
          .isEqualTo(Texts.sha256(running.text()));
    }
  }
}
