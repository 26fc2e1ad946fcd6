package dev.penstock.gateway.inference;

import dev.penstock.contracts.failure.Failure;
import dev.penstock.contracts.failure.FailureCode;
import dev.penstock.contracts.generation.ServedModel;
import dev.penstock.gateway.caller.Rights;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model of requests that name none.
 *
 * @param configured null leaves it to the proxies
 */
public record DefaultModel(@Nullable String configured, Models models) {
  private static final Failure NONE_YET =
      Failure.retryAfter(FailureCode.NO_CAPACITY, "No model can be reached now; try again.", 2_000);

  /**
   * The default if those rights cover it, else another model that they cover; one that they do not
   * where there is no such, which is then refused as any other.
   *
   * @throws dev.penstock.contracts.failure.FailureException {@code no_capacity} while no model is
   *     known
   */
  public String under(Rights rights) {
    var seen = models.seenBy(rights.models());
    return Optional.ofNullable(configured)
        .filter(rights::cover)
        .or(() -> seen.defaultModel().map(ServedModel::id))
        .or(() -> Optional.ofNullable(configured))
        .or(() -> models.defaultModel().map(ServedModel::id))
        .orElseThrow(NONE_YET::asException);
  }
}
