package dev.penstock.contracts.failure;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The closed vocabulary of failures: one code, one HTTP status, one title, whether trying again as
 * is can help. Native problems, dialect envelopes and {@code turn.failed} all speak it.
 */
public enum FailureCode {
  INVALID_REQUEST(400, "The request is not valid", false),
  CONTEXT_LENGTH_EXCEEDED(400, "The conversation is longer than the model's context", false),
  UNAUTHENTICATED(401, "Credentials are missing or not valid", false),
  FORBIDDEN(403, "This is not allowed", false),
  NOT_FOUND(404, "There is no such thing", false),
  MODEL_NOT_FOUND(404, "This model is not served here", false),
  AGENT_NOT_FOUND(404, "There is no such agent", false),
  METHOD_NOT_ALLOWED(405, "This method is not allowed here", false),
  NOT_ACCEPTABLE(406, "None of the accepted media types can be produced", false),
  TURN_IN_PROGRESS(409, "The session is answering another turn", true),
  CANNOT_CONTINUE(409, "This answer cannot be continued", false),
  NOT_LAST_TURN(409, "Only the session's last turn can be regenerated or continued", false),
  VERSION_MISMATCH(412, "The session has changed since", false),
  PAYLOAD_TOO_LARGE(413, "The body is too large", false),
  UNSUPPORTED_MEDIA_TYPE(415, "The body must be application/json", false),
  IDEMPOTENCY_KEY_REUSED(422, "The idempotency key was used with another request", false),
  RATE_LIMITED(429, "Too many requests from this caller", true),
  QUEUE_FULL(429, "Every slot is busy and the queue is full", true),
  INTERNAL(500, "Something went wrong on our side", false),
  UPSTREAM_FAILED(502, "The model server failed", true),
  UPSTREAM_PROTOCOL(502, "The model server sent something that cannot be understood", true),
  UPSTREAM_TRUNCATED(502, "The model server ended its answer too early", true),
  NO_CAPACITY(503, "No model server can take the request", true),
  QUEUE_TIMEOUT(503, "No slot became free in time", true),
  STORE_UNAVAILABLE(503, "The conversation store cannot be reached", true),
  DRAINING(503, "This instance is shutting down", true),
  UPSTREAM_TIMEOUT(504, "The model server did not answer in time", true),
  DEADLINE_EXCEEDED(504, "The turn's deadline passed", true);

  private static final Map<String, FailureCode> BY_WIRE =
      Stream.of(values()).collect(Collectors.toMap(FailureCode::wire, Function.identity()));

  private final int status;
  private final String title;
  private final boolean retryable;

  FailureCode(int status, String title, boolean retryable) {
    this.status = status;
    this.title = title;
    this.retryable = retryable;
  }

  /** The code as clients see it: lower case, underscores. */
  @JsonValue
  public String wire() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** HTTP status of the problem, where one can still be sent. */
  public int status() {
    return status;
  }

  /** The same for every occurrence; never an exception's text. */
  public String title() {
    return title;
  }

  /** Whether the same request may succeed later. */
  public boolean retryable() {
    return retryable;
  }

  /**
   * True for the refusals that happen before a model was asked for anything (turns.md T-18): they
   * free the session and withdraw the user's message.
   */
  public boolean refusesAtTheDoor() {
    return switch (this) {
      case RATE_LIMITED, QUEUE_FULL, NO_CAPACITY, QUEUE_TIMEOUT, DRAINING -> true;
      default -> false;
    };
  }

  /** The code of that name; {@link #INTERNAL} for one this version does not know. */
  @JsonCreator
  public static FailureCode of(String wire) {
    return BY_WIRE.getOrDefault(wire, INTERNAL);
  }
}
