package dev.penstock.session;

import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.OnDisconnect;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a gateway sends to have a turn accepted. */
public final class Accepts {
  /** The gateway of tests that need only one. */
  public static final UUID GATEWAY = UUID.randomUUID();

  private Accepts() {}

  /** A question under a key of its own. */
  public static Accept question(UUID session, String text) {
    return question(session, text, UUID.randomUUID().toString());
  }

  /** A question under that key; its text is its hash. */
  public static Accept question(UUID session, String text, String key) {
    return new Accept(
        GATEWAY,
        session,
        null,
        text,
        null,
        null,
        GenerationOptions.NONE,
        OnDisconnect.CONTINUE,
        5000,
        Accept.OnBusy.REJECT,
        900_000,
        List.of(),
        "gemma3:270m",
        Map.of(),
        key,
        text + session);
  }

  /** Another turn on an earlier one. */
  public static Accept on(Accept.Basis.Kind kind, UUID earlier) {
    return new Accept(
        GATEWAY,
        null,
        new Accept.Basis(kind, earlier),
        null,
        null,
        null,
        GenerationOptions.NONE,
        OnDisconnect.CONTINUE,
        5000,
        Accept.OnBusy.REJECT,
        900_000,
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
        accept.sessionId(),
        accept.basis(),
        accept.text(),
        accept.model(),
        accept.agent(),
        accept.options(),
        accept.onDisconnect(),
        accept.disconnectGraceMs(),
        Accept.OnBusy.INTERRUPT,
        accept.deadlineMs(),
        accept.warnings(),
        accept.defaultModel(),
        accept.agents(),
        accept.clientKey(),
        accept.requestHash());
  }
}
