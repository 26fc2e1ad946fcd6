package dev.penstock.gateway.problem;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.kit.problem.Problem;
import dev.penstock.kit.problem.ProblemException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What each failure means to a caller of the native API (native-api.md section 1). */
public final class Problems {
  private static final long DEFAULT_RETRY_MS = 1000;

  private Problems() {}

  /** The problem that says what {@code failure} says. */
  public static Problem of(Failure failure) {
    return of(failure, null);
  }

  /** The same, naming the turn it is about in {@code turn_id}. */
  public static Problem of(Failure failure, @Nullable UUID turn) {
    var code = failure.code();
    return new Problem(
        code.status(),
        code.wire(),
        code.title(),
        failure.detail(),
        retryAfterMs(failure),
        turn == null ? Map.of() : Map.of("turn_id", turn.toString()));
  }

  /** A 400 that names one field. */
  public static ProblemException invalid(String field, String expected) {
    return invalid(List.of(new FieldError(field, expected)));
  }

  /** A 400 that names each field; its detail is about the first. */
  public static ProblemException invalid(List<FieldError> errors) {
    var members = new LinkedHashMap<String, Object>();
    members.put("errors", errors.stream().map(FieldError::toJson).toList());
    return new ProblemException(
        new Problem(
            FailureCode.INVALID_REQUEST.status(),
            FailureCode.INVALID_REQUEST.wire(),
            FailureCode.INVALID_REQUEST.title(),
            errors.getFirst().sentence(),
            null,
            members));
  }

  /** A failure as an exception whose problem names the turn it is about. */
  public static ProblemException about(Failure failure, UUID turn) {
    return new ProblemException(of(failure, turn));
  }

  /** Whether a failure says itself what callers may know of it. */
  public static boolean isKnown(Throwable thrown) {
    return thrown instanceof ProblemException || thrown instanceof FailureException;
  }

  /** The problem of anything a future may fail with; empty for what only the log may tell. */
  public static Optional<Problem> of(Throwable thrown) {
    return thrown instanceof FailureException known
        ? Optional.of(of(known.failure()))
        : Optional.empty();
  }

  private static @Nullable Long retryAfterMs(Failure failure) {
    var status = failure.code().status();
    return failure.retryAfterMs() == null && failure.retryable() && (status == 429 || status == 503)
        ? Long.valueOf(DEFAULT_RETRY_MS)
        : failure.retryAfterMs();
  }
}
