package dev.penstock.gateway.nativeapi;

import com.fasterxml.jackson.databind.JsonNode;
import dev.penstock.contracts.generation.GenerationOptions;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.contracts.session.Accept;
import dev.penstock.contracts.session.OnDisconnect;
import dev.penstock.gateway.problem.Problems;
import dev.penstock.gateway.request.Members;
import dev.penstock.gateway.request.Names;
import dev.penstock.gateway.request.OptionsReader;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A checked body of {@code POST /v1/sessions/{id}/turns}, {@code …/regenerate} or {@code
 * …/continue} (native-api.md section 3), with the defaults of what it leaves out.
 *
 * @param text the user's message; null where the turn answers an earlier one's
 * @param deadlineMs milliseconds the turn may take
 */
public record TurnRequest(
    @Nullable String text,
    @Nullable String model,
    @Nullable String agent,
    GenerationOptions options,
    OnDisconnect onDisconnect,
    long disconnectGraceMs,
    Accept.OnBusy onBusy,
    long deadlineMs) {
  private static final int MAX_TEXT_BYTES = 262_144;
  private static final long DEFAULT_GRACE_MS = 5000;
  private static final long MAX_GRACE_MS = 600_000;
  private static final long DEFAULT_DEADLINE_MS = Duration.ofMinutes(15).toMillis();
  private static final long MIN_DEADLINE_MS = 1000;
  private static final long MAX_DEADLINE_MS = 3_600_000;

  /**
   * Reads the body of a new turn.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 naming each wrong or unknown member
   */
  public static TurnRequest forTurn(JsonNode body) {
    return Members.read(
        body,
        in ->
            new TurnRequest(
                text(in),
                Names.model(in),
                Names.agent(in),
                OptionsReader.read(in),
                in.word("on_disconnect", OnDisconnect.CONTINUE, OnDisconnect.values()),
                orElse(in.integer("disconnect_grace_ms", 0, MAX_GRACE_MS), DEFAULT_GRACE_MS),
                in.word("on_busy", Accept.OnBusy.REJECT, Accept.OnBusy.values()),
                orElse(
                    in.integer("deadline_ms", MIN_DEADLINE_MS, MAX_DEADLINE_MS),
                    DEFAULT_DEADLINE_MS)));
  }

  /**
   * Reads the body of {@code …/regenerate}: {@code {model?, options?}}.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 naming each wrong or unknown member
   */
  public static TurnRequest forRegenerate(JsonNode body) {
    return Members.read(body, in -> onEarlier(Names.model(in), OptionsReader.read(in)));
  }

  /**
   * Reads the body of {@code …/continue}: {@code {options?}}.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 naming each wrong or unknown member
   */
  public static TurnRequest forContinue(JsonNode body) {
    return Members.read(body, in -> onEarlier(null, OptionsReader.read(in)));
  }

  /**
   * Checks what only the model that will answer can tell.
   *
   * @throws dev.penstock.kit.problem.ProblemException 400 if {@code max_tokens} is above the
   *     model's own limit
   */
  public void check(ServedModel served) {
    var maxTokens = options.maxTokens();
    if (maxTokens != null && maxTokens > served.maxOutputTokens()) {
      throw Problems.invalid(
          "options.max_tokens", "a whole number from 1 to " + served.maxOutputTokens());
    }
  }

  private static TurnRequest onEarlier(@Nullable String model, GenerationOptions options) {
    return new TurnRequest(
        null,
        model,
        null,
        options,
        OnDisconnect.CONTINUE,
        DEFAULT_GRACE_MS,
        Accept.OnBusy.REJECT,
        DEFAULT_DEADLINE_MS);
  }

  private static String text(Members in) {
    if (!in.has("input")) {
      in.wrong("input.text", "a text that is not blank");
    }
    return Objects.requireNonNull(
        in.object("input", "", input -> input.requiredUtf8("text", MAX_TEXT_BYTES)));
  }

  private static long orElse(@Nullable Long value, long absent) {
    return value == null ? absent : value;
  }
}
