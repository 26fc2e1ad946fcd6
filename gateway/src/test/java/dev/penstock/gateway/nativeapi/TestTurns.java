package dev.penstock.gateway.nativeapi;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.session.Message;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TurnState;
import dev.penstock.gateway.store.FakeSessionService;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Turns and messages as session-service hands them over. */
final class TestTurns {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00.123Z");
  private static final String SHA256 = "ab".repeat(32);

  private TestTurns() {}

  static Turn completed(UUID session, String answer) {
    return turn(
        session,
        TurnState.COMPLETED,
        new Turn.Output(
            FakeSessionService.uuidV7(),
            answer,
            FinishReason.STOP,
            new Usage(14, 5, false),
            SHA256),
        null);
  }

  static Turn waiting(UUID session) {
    return turn(session, TurnState.ACCEPTED, null, new QueuePlace(QueueReason.SLOTS, 2, 1500));
  }

  private static Turn turn(
      UUID session,
      TurnState state,
      Turn.@org.jspecify.annotations.Nullable Output output,
      @org.jspecify.annotations.Nullable QueuePlace queue) {
    return new Turn(
        FakeSessionService.uuidV7(),
        session,
        state,
        1,
        List.of(0),
        7,
        UUID.randomUUID(),
        true,
        false,
        "gemma3:270m",
        null,
        GenerationOptions.NONE,
        OnDisconnect.CONTINUE,
        5000,
        null,
        null,
        null,
        AnswerForm.PLAIN,
        null,
        List.of(new Turn.Warning("think_ignored", "This model cannot think.")),
        new Turn.Input(FakeSessionService.uuidV7(), "What do red pandas eat?"),
        output,
        null,
        queue,
        output == null ? null : new Timings(0L, 0L, 31L, 38L, 122L),
        NOW.plusSeconds(900),
        NOW,
        output == null ? null : NOW);
  }

  static Message message(UUID session, int ordinal, String text) {
    return new Message(
        FakeSessionService.uuidV7(),
        session,
        FakeSessionService.uuidV7(),
        ordinal,
        ordinal % 2 == 0 ? Role.USER : Role.ASSISTANT,
        text,
        "gemma3:270m",
        Message.Status.COMPLETE,
        null,
        null,
        List.of(),
        null,
        null,
        NOW);
  }
}
