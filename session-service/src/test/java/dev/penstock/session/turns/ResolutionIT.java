package dev.penstock.session.turns;

import static org.assertj.core.api.Assertions.assertThat;

import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Session;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.wire.Wire;
import dev.penstock.session.Accepts;
import dev.penstock.session.Answers;
import dev.penstock.session.SessionServiceDriver;
import dev.penstock.session.TestDatabase;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a turn runs with: request, then session, then agent, then default (native-api.md 3). */
class ResolutionIT {
  private static final Accept.AgentDefaults GEM =
      new Accept.AgentDefaults("gemma3:4b", options(0.9, 64), "You guide through a zoo.");

  private static SessionServiceDriver service;

  @BeforeAll
  static void start() {
    service = SessionServiceDriver.start(TestDatabase.create());
  }

  @AfterAll
  static void stop() {
    service.close();
  }

  @Test
  void theRequestComesFirstThenSessionThenAgentThenDefault() {
    var plain = accepted(session(null, null, null, GenerationOptions.NONE), null, null, null);
    var agents = accepted(session(null, "gem", null, GenerationOptions.NONE), null, null, null);
    var sessions = accepted(session("s", "gem", "Short!", options(0.5, null)), null, null, null);
    var requests =
        accepted(session("s", null, null, options(0.5, 10)), "r", "gem", options(0.1, null));

    assertThat(plain.turn().model()).isEqualTo("gemma3:270m");
    assertThat(plain.turn().agent()).isNull();
    assertThat(agents.turn().model()).isEqualTo("gemma3:4b");
    assertThat(agents.turn().agent()).isEqualTo("gem");
    assertThat(agents.turn().options()).isEqualTo(options(0.9, 64));
    assertThat(agents.history().getFirst())
        .isEqualTo(new ChatMessage(Role.SYSTEM, "You guide through a zoo."));
    assertThat(sessions.turn().model()).isEqualTo("s");
    assertThat(sessions.turn().options()).isEqualTo(options(0.5, 64));
    assertThat(sessions.history().getFirst()).isEqualTo(new ChatMessage(Role.SYSTEM, "Short!"));
    assertThat(requests.turn().model()).isEqualTo("r");
    assertThat(requests.turn().options()).isEqualTo(options(0.1, 10));
  }

  @Test
  void anUnknownAgentIsRefusedFromARequestAndWarnedOfFromASession() {
    var fromSession =
        accepted(session(null, "zookeeper", null, GenerationOptions.NONE), null, null, null);
    var fromRequest =
        service.accept(
            accept(session(null, null, null, GenerationOptions.NONE), null, "zookeeper", null));

    assertThat(fromSession.turn().agent()).isNull();
    assertThat(fromSession.turn().warnings())
        .extracting(Turn.Warning::code)
        .containsExactly("agent_not_found");
    assertThat(SessionServiceDriver.codeOf(fromRequest)).isEqualTo(FailureCode.AGENT_NOT_FOUND);
  }

  @Test
  void aRegeneratedTurnRunsWithTheEarlierOnesSettings() {
    var session = session(null, "gem", null, options(0.3, null));
    var earlier = accepted(session, "r", null, options(0.1, null)).turn();
    service.finish(earlier.id(), Answers.completed(1, 1, "ok"));

    var again =
        ((Accept.Result.Accepted) service.accept(Accepts.on(Accept.Basis.REGENERATE, earlier.id())))
            .assignment();

    assertThat(again.turn().model()).isEqualTo("r");
    assertThat(again.turn().options()).isEqualTo(earlier.options());
    assertThat(again.turn().agent()).isEqualTo("gem");
    assertThat(again.history().getFirst())
        .isEqualTo(new ChatMessage(Role.SYSTEM, "You guide through a zoo."));
  }

  /** The assignment an owner fetches later is the one accept gave. */
  @Test
  void theAssignmentCanBeFetchedAgain() {
    var session = session(null, "gem", null, GenerationOptions.NONE);
    var first = accepted(session, null, null, null);
    service.finish(first.turn().id(), Answers.completed(1, 1, "Hello."));
    var second = accepted(session, null, null, null);

    var fetched =
        service
            .get("/turns/" + second.turn().id() + "/assignment?instance=" + Accepts.GATEWAY)
            .as(Accept.Assignment.class);

    assertThat(fetched).isEqualTo(second);
    assertThat(fetched.history()).hasSize(4);
  }

  private static Accept.Assignment accepted(
      UUID session,
      @Nullable String model,
      @Nullable String agent,
      @Nullable GenerationOptions options) {
    return ((Accept.Result.Accepted) service.accept(accept(session, model, agent, options)))
        .assignment();
  }

  private static Accept accept(
      UUID session,
      @Nullable String model,
      @Nullable String agent,
      @Nullable GenerationOptions options) {
    var key = UUID.randomUUID().toString();
    return new Accept(
        Accepts.GATEWAY,
        new Accept.Place.InSession(session),
        List.of(MessageDraft.of(new ChatMessage(Role.USER, "Hi"))),
        model,
        agent,
        options == null ? GenerationOptions.NONE : options,
        null,
        AnswerForm.PLAIN,
        null,
        new Accept.Terms(OnDisconnect.CANCEL, 1000, Accept.OnBusy.REJECT, 60_000),
        List.of(),
        "gemma3:270m",
        Map.of("gem", GEM),
        key,
        key);
  }

  private static UUID session(
      @Nullable String model,
      @Nullable String agent,
      @Nullable String instruction,
      GenerationOptions options) {
    var create =
        new Session.Create(
            null,
            null,
            instruction,
            agent,
            model,
            options,
            Map.of(),
            UUID.randomUUID().toString(),
            "hash");
    return service
        .send("POST", "/sessions", Map.of("Penstock-Tenant", "default"), Wire.text(create))
        .as(Session.Created.class)
        .session()
        .id();
  }

  private static GenerationOptions options(double temperature, @Nullable Integer topK) {
    return new GenerationOptions(
        temperature, null, topK, null, null, null, null, null, null, null, null);
  }
}
