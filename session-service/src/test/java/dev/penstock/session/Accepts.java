package dev.penstock.session;

import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.Role;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.MessageDraft;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.contracts.wire.Wire;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What a gateway sends to have a turn accepted. */
public final class Accepts {
  /** The gateway of tests that need only one. */
  public static final UUID GATEWAY = UUID.randomUUID();

  private static final Accept.Terms TERMS =
      new Accept.Terms(OnDisconnect.CONTINUE, 5000, Accept.OnBusy.REJECT, 900_000);

  private Accepts() {}

  /** A turn without session, behind another or none, given those messages. */
  public static Accept chained(
      @Nullable UUID parent, String key, AnswerForm form, List<MessageDraft> input) {
    return new Accept(
        GATEWAY,
        new Accept.Place.Chained(parent),
        input,
        null,
        null,
        GenerationOptions.NONE,
        null,
        form,
        Wire.JSON.createObjectNode().put("kept", "beside"),
        TERMS,
        List.of(),
        "gemma3:270m",
        Map.of(),
        key,
        key + parent);
  }

  /** The same, under a new key and in plain text. */
  public static Accept chained(@Nullable UUID parent, ChatMessage... input) {
    return chained(
        parent,
        UUID.randomUUID().toString(),
        AnswerForm.PLAIN,
        Stream.of(input).map(MessageDraft::of).toList());
  }

  /** A question under a key of its own. */
  public static Accept question(UUID session, String text) {
    return question(session, text, UUID.randomUUID().toString());
  }

  /** A question under that key; its text is its hash. */
  public static Accept question(UUID session, String text, String key) {
    return new Accept(
        GATEWAY,
        new Accept.Place.InSession(session),
        List.of(MessageDraft.of(new ChatMessage(Role.USER, text))),
        null,
        null,
        GenerationOptions.NONE,
        null,
        AnswerForm.PLAIN,
        null,
        TERMS,
        List.of(),
        "gemma3:270m",
        Map.of(),
        key,
        text + session);
  }

  /** Another turn on an earlier one. */
  public static Accept on(Accept.Basis kind, UUID earlier) {
    return new Accept(
        GATEWAY,
        new Accept.Place.OnTurn(kind, earlier),
        List.of(),
        null,
        null,
        GenerationOptions.NONE,
        null,
        AnswerForm.PLAIN,
        null,
        TERMS,
        List.of(),
        "gemma3:270m",
        Map.of(),
        UUID.randomUUID().toString(),
        kind + " " + earlier);
  }

  /** The same, cancelling what runs. */
  public static Accept interrupting(Accept accept) {
    return new Accept(
        accept.instance(),
        accept.place(),
        accept.input(),
        accept.model(),
        accept.agent(),
        accept.options(),
        accept.instruction(),
        accept.form(),
        accept.extra(),
        new Accept.Terms(OnDisconnect.CONTINUE, 5000, Accept.OnBusy.INTERRUPT, 900_000),
        accept.warnings(),
        accept.defaultModel(),
        accept.agents(),
        accept.clientKey(),
        accept.requestHash());
  }
}
