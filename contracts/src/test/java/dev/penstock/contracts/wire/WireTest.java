package dev.penstock.contracts.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.Capability;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.Embeddings;
import dev.penstock.contracts.generation.EmbeddingsRequest;
import dev.penstock.contracts.generation.FinishReason;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.GenerationRequest;
import dev.penstock.contracts.generation.Image;
import dev.penstock.contracts.generation.ModelFacts;
import dev.penstock.contracts.generation.Priority;
import dev.penstock.contracts.generation.QueuePlace;
import dev.penstock.contracts.generation.QueueReason;
import dev.penstock.contracts.generation.ResponseFormat;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.generation.Think;
import dev.penstock.contracts.generation.Timings;
import dev.penstock.contracts.generation.Tool;
import dev.penstock.contracts.generation.ToolCall;
import dev.penstock.contracts.generation.ToolChoice;
import dev.penstock.contracts.generation.Usage;
import dev.penstock.contracts.log.Flush;
import dev.penstock.contracts.log.LogRow;
import dev.penstock.contracts.log.Poll;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.Finish;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.session.Renewal;
import dev.penstock.contracts.session.Turn;
import dev.penstock.contracts.turn.TerminalEvent;
import dev.penstock.contracts.turn.TurnOutcome;
import dev.penstock.contracts.turn.TurnState;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {
  private static final UUID ID = UUID.fromString("0199c1e2-8000-7aaa-8bbb-1234567890ab");
  private static final Usage USAGE = new Usage(14, 5, false);
  private static final Timings TIMINGS = new Timings(0L, null, 31L, 38L, 122L);
  private static final Turn TURN =
      new Turn(
          ID,
          ID,
          TurnState.STREAMING,
          2,
          Arrays.asList(0, null),
          7,
          ID,
          true,
          false,
          "gemma3:270m",
          null,
          GenerationOptions.NONE.withMaxTokens(64),
          OnDisconnect.CONTINUE,
          0,
          null,
          null,
          null,
          AnswerForm.PLAIN,
          Wire.JSON.createObjectNode().put("background", true),
          List.of(new Turn.Warning("ignored", "think")),
          new Turn.Input(ID, "What do red pandas eat?"),
          null,
          null,
          new QueuePlace(QueueReason.SLOTS, 1, 250),
          TIMINGS,
          Instant.parse("2026-11-21T10:00:00.250Z"),
          Instant.parse("2026-11-21T10:00:00Z"),
          null);

  static Stream<Object> documents() {
    var row = LogRow.deltas(ID, 1, 1, List.of("a"));
    return Stream.of(
        TURN,
        new Accept(
            ID,
            new Accept.Place.OnTurn(Accept.Basis.REGENERATE, ID),
            List.of(),
            null,
            "gem",
            new GenerationOptions(
                0.5, 0.9, 40, 64, List.of("END"), -1L, Think.HIGH, 0.1, 1.1, 0.2, 0.3),
            null,
            AnswerForm.PLAIN,
            null,
            new Accept.Terms(OnDisconnect.CANCEL, 5000, Accept.OnBusy.INTERRUPT, 900_000),
            List.of(),
            "gemma3:270m",
            Map.of("gem", new Accept.AgentDefaults(null, GenerationOptions.NONE, "Be kind.")),
            "key",
            "ab12"),
        new Accept(
            ID,
            new Accept.Place.Chained(null),
            List.of(
                new MessageDraft(
                    ChatMessage.toolResult("call_1", null, "A panda."),
                    Wire.JSON.createObjectNode().put("kind", "said"))),
            "gemma3:270m",
            null,
            GenerationOptions.NONE,
            "Be kind.",
            AnswerForm.PLAIN.withThoughts(true),
            Wire.JSON.createObjectNode().put("background", true),
            new Accept.Terms(OnDisconnect.CONTINUE, 0, Accept.OnBusy.REJECT, 60_000),
            List.of(),
            "gemma3:270m",
            Map.of(),
            "key",
            "ab12"),
        new GenerationRequest(
            "default",
            null,
            "m",
            List.of(new ChatMessage(Role.USER, "Hi")),
            GenerationOptions.NONE,
            false,
            Priority.INTERACTIVE,
            60_000),
        new GenerationRequest(
                "default",
                "c",
                "m",
                List.of(
                    ChatMessage.showing("What is it?", List.of(Image.of("iVBORw0KGgo="))),
                    ChatMessage.calling("", List.of(new ToolCall("call_1", "look", "{\"a\":1}"))),
                    ChatMessage.toolResult("call_1", "look", "A panda.")),
                GenerationOptions.NONE,
                false,
                Priority.BATCH,
                60_000)
            .withForm(
                AnswerForm.PLAIN
                    .withTools(
                        List.of(
                            new Tool("look", "Looks.", "{\"type\":\"object\"}"),
                            new Tool("now", null, null)),
                        new ToolChoice.Named("look"))
                    .withFormat(new ResponseFormat.Schema("animal", "{\"type\":\"object\"}"))
                    .withLogprobs(0)
                    .withThoughts(true)),
        new ServedModel(
            "gemma3:4b",
            1_769_932_800,
            "library",
            ServedModel.Kind.SELF_HOSTED,
            ServedModel.State.READY,
            true,
            4096,
            8192,
            null,
            false,
            new ModelFacts(
                Set.of(Capability.COMPLETION, Capability.VISION),
                "gemma3",
                "4.3B",
                4_300_000_000L,
                "Q4_K_M",
                131_072,
                2560,
                "ab12",
                3_338_801_804L,
                Instant.parse("2026-02-01T08:00:00Z"))),
        new EmbeddingsRequest(
            "default", "m", List.of("Hi"), 256, true, Priority.INTERACTIVE, 60_000),
        new Flush(ID, List.of(row), List.of(new Flush.Place(ID, 1, null))),
        new Flush(ID, List.of(), List.of(), List.of(new Flush.Confirm(ID, 2))),
        new Flush.Confirmed(List.of(ID)),
        new Poll(List.of(new Poll.Cursor(ID, 1, 0))),
        new Poll.Result(
            List.of(
                new Poll.Progress(
                    ID,
                    2,
                    Arrays.asList(0, null),
                    TurnState.ACCEPTED,
                    0,
                    true,
                    false,
                    null,
                    List.of()))),
        new Finish(ID, 1, List.of(row), 2, new TurnOutcome.Cancelled(USAGE), "a", "ca97"),
        new Renewal(List.of(ID), List.of(), false),
        new Renewal.Result(List.of(), List.of(ID), List.of(), List.of(), 2));
  }

  @ParameterizedTest
  @MethodSource("documents")
  void readsTheRecordItWrote(Object document) {
    assertThat((Object) Wire.decode(Wire.encode(document), document.getClass()))
        .isEqualTo(document);
    assertThat((Object) Wire.decode(Wire.text(document), document.getClass())).isEqualTo(document);
  }

  static Stream<Object> variants() {
    var failure = Failure.retryAfter(FailureCode.QUEUE_FULL, "Come back later.", 2000);
    return Stream.of(
        new TurnOutcome.Completed(FinishReason.STOP, USAGE, TIMINGS),
        new TurnOutcome.Failed(failure, null, null),
        new TurnOutcome.Cancelled(USAGE),
        new TurnOutcome.Interrupted(USAGE),
        new TerminalEvent.Completed(ID, FinishReason.LENGTH, USAGE, null, "ca97"),
        new TerminalEvent.Failed(FailureCode.UPSTREAM_FAILED, "Try again.", true, null),
        new TerminalEvent.Cancelled(null, USAGE),
        new TerminalEvent.Interrupted(ID, new Usage(1, 2, true)),
        new Accept.Result.Accepted(
            new Accept.Assignment(TURN, List.of(), "so far", "acme", "ann"), true),
        new Accept.Result.Existing(TURN),
        new Accept.Result.Busy(ID),
        new Accept.Result.Refused(failure),
        new Finish.Result.Committed(new TerminalEvent.Cancelled(ID, USAGE), Instant.EPOCH),
        new Finish.Result.Fenced());
  }

  @ParameterizedTest
  @MethodSource("variants")
  void tellsTheCasesOfASealedTypeApart(Object variant) {
    var sealed = variant.getClass().getInterfaces()[0];

    assertThat((Object) Wire.decode(Wire.encode(variant), sealed)).isEqualTo(variant);
  }

  @Test
  void ignoresMembersOfALaterVersion() {
    assertThat(
            Wire.decode(
                "{\"input_tokens\":1,\"output_tokens\":2,\"later\":{\"n\":[3]}}", Usage.class))
        .isEqualTo(new Usage(1, 2, false));
  }

  @Test
  void writesAPlainMessageAsRoleAndText() {
    assertThat(Wire.text(new ChatMessage(Role.USER, "Hi")))
        .isEqualTo("{\"role\":\"user\",\"text\":\"Hi\"}");
  }

  @Test
  void readsWhatAnEarlierVersionSent() {
    var request =
        Wire.decode(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"text\":\"Hi\"}]}",
            GenerationRequest.class);
    var model = Wire.decode("{\"id\":\"m\",\"thinks\":true}", ServedModel.class);

    assertThat(request.messages()).containsExactly(new ChatMessage(Role.USER, "Hi"));
    assertThat(request.form()).isEqualTo(AnswerForm.PLAIN);
    assertThat(model.facts()).isEqualTo(ModelFacts.UNKNOWN);
  }

  @Test
  void leavesOutCapabilitiesOfALaterVersion() {
    var facts = Wire.decode("{\"capabilities\":[\"vision\",\"smell\"]}", ModelFacts.class);

    assertThat(facts).isEqualTo(ModelFacts.able(Set.of(Capability.VISION)));
    assertThat(facts.lacks(Capability.TOOLS)).isTrue();
    assertThat(ModelFacts.UNKNOWN.lacks(Capability.TOOLS)).isFalse();
  }

  @Test
  void keepsVectorsExactly() {
    var vector = new float[] {0.1f, -1e-7f, 3};
    var embeddings = new Embeddings("m", List.of(vector), new Usage(2, 0, false));

    var read = Wire.decode(Wire.encode(embeddings), Embeddings.class);

    assertThat(read.vectors()).hasSize(1);
    assertThat(read.vectors().getFirst()).containsExactly(vector);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "1", "{", "{} {}", "{\"a\":}", "\"{}\""})
  void carriesOnlyObjectsAsText(String text) {
    assertThat(JsonText.isObject(text)).isFalse();
    assertThatThrownBy(() -> new ToolCall("call_1", "look", text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("arguments of a tool call must be a JSON object");
  }

  @Test
  void writesNamesInSnakeCaseAndNullsToo() {
    assertThat(Wire.text(TIMINGS))
        .isEqualTo(
            "{\"queued_ms\":0,\"load_ms\":null,\"prefill_ms\":31,\"first_token_ms\":38,"
                + "\"decode_ms\":122}");
  }

  @Test
  void writesTimesInUtcWithMilliseconds() {
    assertThat(Wire.text(Instant.parse("2026-11-21T10:00:00Z")))
        .isEqualTo("\"2026-11-21T10:00:00.000Z\"");
    assertThat(Wire.text(Instant.parse("2026-11-21T10:00:00.123999Z")))
        .isEqualTo("\"2026-11-21T10:00:00.123Z\"");
    assertThat(Wire.decode("\"2026-11-21T10:00:00.5Z\"", Instant.class))
        .isEqualTo(Instant.parse("2026-11-21T10:00:00.500Z"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{",
        "{} {}",
        "{\"input_tokens\":\"many\"}",
        "{\"input_tokens\":1e999}"
      })
  void refusesWhatIsNotTheRecord(String text) {
    assertThatThrownBy(() -> Wire.decode(text, Usage.class))
        .isInstanceOf(Wire.MalformedWireException.class)
        .hasMessage("not a Usage");
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"yesterday\"", "\"2026-11-21\"", "{}", "12", "\"\""})
  void refusesATimeThatIsNone(String text) {
    assertThatThrownBy(() -> Wire.decode(text, Instant.class))
        .isInstanceOf(Wire.MalformedWireException.class);
  }
}
