package dev.penstock.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;

/** The images end to end. Skipped, with one line, where no engine answers. */
class ImagesIT {
  private static final int TO_THE_END = Integer.MAX_VALUE;

  private static Stack stack;

  @BeforeAll
  static void start() {
    var engine = DockerClientFactory.instance().isDockerAvailable();
    if (!engine) {
      System.out.println("containers: skipped, no engine answers; DOCKER_HOST names one");
    }
    assumeTrue(engine, "no container engine answers");
    stack = new Stack();
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  @Test
  void streamsATurnWhoseTextIsWhole() throws Exception {
    var session = ChatTurn.newSession(stack.gateway(0));

    var turn = new ChatTurn().ask(stack.gateway(0), session, 40, TO_THE_END);

    assertThat(turn.hash()).isEqualTo(ChatTurn.sha256(turn.text()));
  }

  @Test
  void goesOnWithATurnOnTheOtherGateway() throws Exception {
    var session = ChatTurn.newSession(stack.gateway(0));

    var turn = new ChatTurn().ask(stack.gateway(0), session, 120, 20);
    turn.resume(stack.gateway(1), TO_THE_END);

    assertThat(turn.hash()).isEqualTo(ChatTurn.sha256(turn.text()));
  }

  @Test
  void keepsConversationsWhenAGatewayIsStoppedAndReplaced() throws Exception {
    var session = ChatTurn.newSession(stack.gateway(1));
    var told = new ChatTurn().ask(stack.gateway(1), session, 15, TO_THE_END);

    assertThat(stack.terminate(1)).isZero();
    stack.replace(1);

    var messages = ChatTurn.get(stack.gateway(1).resolve("/v1/sessions/" + session + "/messages"));
    assertThat(messages.at("/data/1/text").asText()).isEqualTo(told.text());
    var next = new ChatTurn().ask(stack.gateway(1), session, 15, TO_THE_END);
    assertThat(next.hash()).isEqualTo(ChatTurn.sha256(next.text()));
  }

  @Test
  void saysNothingTheJvmWarnsOf() {
    assertThat(stack.said()).doesNotContain("WARNING:", "OpenJDK 64-Bit Server VM warning");
  }
}
