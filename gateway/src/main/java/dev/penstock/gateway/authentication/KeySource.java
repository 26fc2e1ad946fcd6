package dev.penstock.gateway.authentication;

import dev.penstock.contracts.access.StoredKey;
import io.vertx.core.Future;
import java.util.Optional;

/** Where keys are kept. */
@FunctionalInterface
public interface KeySource {
  /**
   * The key of that id, in force or not; empty if there is none.
   *
   * @return fails with {@code store_unavailable} if that cannot be told now
   */
  Future<Optional<StoredKey>> find(String id);
}
