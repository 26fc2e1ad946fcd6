package dev.penstock.contracts.session;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.generation.AnswerForm;
import dev.penstock.contracts.generation.ChatMessage;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.session.AgentSession.StateChange;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Body of {@code POST /turns}: accept one turn in one transaction (turns.md T-3, T-5, T-19, T-35).
 *
 * @param instance the gateway that will own the turn
 * @param input what the turn adds to its conversation, in order; empty on an earlier turn, which
 *     brings its own
 * @param model what the request asked for; null falls back to the session's, the agent's, then
 *     {@code defaultModel}
 * @param options what the request asked for; the session's and the agent's fill in the rest
 * @param instruction system text of this turn alone; null for the session's, else the agent's
 * @param extra a JSON object that the dialect keeps with the turn; null for none
 * @param agents the configured agents, by name
 * @param clientKey the client's idempotency key, or one the gateway made
 * @param requestHash SHA-256 of method, path and canonical body, lower-case hex
 * @param stateChange of the session's state, in the same transaction; null for none
 * @param trace the W3C {@code traceparent} of the span under which it is generated; null where that
 *     is in no sampled trace
 * @param models those it may be answered by, whoever names one; null for every model
 * @param refusal what it is refused with unless its key is known (T-5): then nothing is stored, and
 *     nothing started over (T-19); null for a turn that may begin
 */
public record Accept(
    UUID instance,
    Place place,
    List<MessageDraft> input,
    @Nullable String model,
    @Nullable String agent,
    GenerationOptions options,
    @Nullable String instruction,
    AnswerForm form,
    @Nullable JsonNode extra,
    Terms terms,
    List<Turn.Warning> warnings,
    String defaultModel,
    Map<String, AgentDefaults> agents,
    String clientKey,
    String requestHash,
    @Nullable StateChange stateChange,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String trace,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Set<String> models,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Failure refusal) {

  public Accept {
    form = form == null ? AnswerForm.PLAIN : form;
    extra = MessageDraft.present(extra);
  }

  /** A turn outside every trace. */
  public Accept(
      UUID instance,
      Place place,
      List<MessageDraft> input,
      @Nullable String model,
      @Nullable String agent,
      GenerationOptions options,
      @Nullable String instruction,
      AnswerForm form,
      @Nullable JsonNode extra,
      Terms terms,
      List<Turn.Warning> warnings,
      String defaultModel,
      Map<String, AgentDefaults> agents,
      String clientKey,
      String requestHash,
      @Nullable StateChange stateChange) {
    this(
        instance,
        place,
        input,
        model,
        agent,
        options,
        instruction,
        form,
        extra,
        terms,
        warnings,
        defaultModel,
        agents,
        clientKey,
        requestHash,
        stateChange,
        null,
        null,
        null);
  }

  /** A turn that leaves the session's state alone. */
  public Accept(
      UUID instance,
      Place place,
      List<MessageDraft> input,
      @Nullable String model,
      @Nullable String agent,
      GenerationOptions options,
      @Nullable String instruction,
      AnswerForm form,
      @Nullable JsonNode extra,
      Terms terms,
      List<Turn.Warning> warnings,
      String defaultModel,
      Map<String, AgentDefaults> agents,
      String clientKey,
      String requestHash) {
    this(
        instance,
        place,
        input,
        model,
        agent,
        options,
        instruction,
        form,
        extra,
        terms,
        warnings,
        defaultModel,
        agents,
        clientKey,
        requestHash,
        null);
  }

  /** The same turn, generated under that span. */
  public Accept tracedAs(@Nullable String traceparent) {
    return traceparent == null
        ? this
        : new Accept(
            instance,
            place,
            input,
            model,
            agent,
            options,
            instruction,
            form,
            extra,
            terms,
            warnings,
            defaultModel,
            agents,
            clientKey,
            requestHash,
            stateChange,
            traceparent,
            models,
            refusal);
  }

  /** The same turn, refused with {@code model_not_found} unless one of those would answer it. */
  public Accept answeredBy(@Nullable Set<String> allowed) {
    return with(allowed, refusal);
  }

  /** The same, refused with that unless its key is known. */
  public Accept refusedWith(Failure why) {
    return with(models, why);
  }

  private Accept with(@Nullable Set<String> allowed, @Nullable Failure why) {
    return new Accept(
        instance,
        place,
        input,
        model,
        agent,
        options,
        instruction,
        form,
        extra,
        terms,
        warnings,
        defaultModel,
        agents,
        clientKey,
        requestHash,
        stateChange,
        trace,
        allowed,
        why);
  }

  /** Where a turn stands; {@code type} tells which. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Place.InSession.class, name = "in_session"),
    @JsonSubTypes.Type(value = Place.InAgentSession.class, name = "in_agent_session"),
    @JsonSubTypes.Type(value = Place.OnTurn.class, name = "on_turn"),
    @JsonSubTypes.Type(value = Place.Chained.class, name = "chained")
  })
  public sealed interface Place {
    /** The next turn of a session. */
    record InSession(UUID sessionId) implements Place {}

    /** The next turn of a session that is known by what its client calls it. */
    record InAgentSession(AgentSession.Key key) implements Place {}

    /** In the place of an earlier turn, or going on with its answer. */
    record OnTurn(Basis basis, UUID turnId) implements Place {}

    /**
     * A turn without session (T-4).
     *
     * @param parentTurnId the turn whose transcript comes before it; null for none
     */
    record Chained(@Nullable UUID parentTurnId) implements Place {}
  }

  /** How a turn uses the earlier one it is on. */
  public enum Basis {
    @JsonProperty("regenerate")
    REGENERATE,
    @JsonProperty("continue")
    CONTINUE
  }

  /**
   * How long a turn lasts, and what may end it.
   *
   * @param deadlineMs from accept on
   */
  public record Terms(
      OnDisconnect onDisconnect, long disconnectGraceMs, OnBusy onBusy, long deadlineMs) {}

  /** What happens when the session already answers a turn. */
  public enum OnBusy {
    @JsonProperty("reject")
    REJECT,
    @JsonProperty("interrupt")
    INTERRUPT
  }

  /** The part of an agent that a turn inherits. */
  public record AgentDefaults(
      @Nullable String model, GenerationOptions options, @Nullable String instruction) {}

  /**
   * What an owner needs to generate a turn.
   *
   * @param history system text first where there is one, the turn's own input last; for a
   *     continuation the partial answer is the last message
   * @param prefix text the answer begins with (continuation), already stored as the snapshot of seq
   *     1; null otherwise
   * @param tenant whose turn it is
   * @param person inside the tenant whose turn it is; null where it is nobody's in particular
   */
  public record Assignment(
      Turn turn,
      List<ChatMessage> history,
      @Nullable String prefix,
      String tenant,
      @Nullable String person) {
    public Assignment {
      // A service of an earlier version says no tenant; it knew one.
      tenant = tenant == null ? "default" : tenant;
    }
  }

  /** Answer of {@code POST /turns}, always with status 200; {@code type} tells which. */
  @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
  @JsonSubTypes({
    @JsonSubTypes.Type(value = Result.Accepted.class, name = "accepted"),
    @JsonSubTypes.Type(value = Result.Existing.class, name = "existing"),
    @JsonSubTypes.Type(value = Result.Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = Result.Refused.class, name = "refused")
  })
  public sealed interface Result {
    /** New, or restarted under its key (T-19): the caller owns it and starts it now. */
    record Accepted(Assignment assignment, boolean replayed) implements Result {}

    /** The key is known: follow this turn (T-5). */
    record Existing(Turn turn) implements Result {}

    /** The session answers another turn (T-4). */
    record Busy(UUID turnId) implements Result {}

    /** Not accepted; no key is used up. */
    record Refused(Failure failure) implements Result {}
  }
}
