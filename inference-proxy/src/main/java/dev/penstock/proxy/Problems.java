package dev.penstock.proxy;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureException;
import dev.penstock.kit.problem.Problem;
import dev.penstock.proxy.generation.SetbackException;
import java.util.Map;
import java.util.Optional;

/** What the proxy's failures are as HTTP problems. */
final class Problems {
  private Problems() {}

  static Optional<Problem> of(Throwable failure) {
    return switch (failure) {
      case FailureException known -> Optional.of(of(known.failure()));
      case SetbackException known -> Optional.of(of(known.setback().failure()));
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
        Map.of("retryable", failure.retryable()));
  }
}
