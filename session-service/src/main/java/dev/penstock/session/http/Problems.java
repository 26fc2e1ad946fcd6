package dev.penstock.session.http;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.kit.problem.Problem;
import dev.penstock.session.database.StoreUnavailableException;
import java.util.Map;
import java.util.Optional;

/** What a failure means on the wire; the kit's handler renders it. */
public final class Problems {
  private static final System.Logger LOG = System.getLogger(Problems.class.getName());
  private static final long STORE_RETRY_MS = 1000;

  private Problems() {}

  /** The problem of a failure this service knows; empty for an error of ours. */
  public static Optional<Problem> of(Throwable failure) {
    return switch (failure) {
      case FailureException known -> Optional.of(of(known.failure()));
      case StoreUnavailableException away -> {
        LOG.log(System.Logger.Level.WARNING, "the store is unavailable: " + away.getMessage());
        yield Optional.of(
            of(
                Failure.retryAfter(
                    FailureCode.STORE_UNAVAILABLE,
                    "The conversation store did not answer in time.",
                    STORE_RETRY_MS)));
      }
      default -> Optional.empty();
    };
  }

  private static Problem of(Failure failure) {
    var code = failure.code();
    return new Problem(
        code.status(),
        code.wire(),
        code.title(),
        failure.detail(),
        failure.retryAfterMs(),
        Map.of());
  }
}
