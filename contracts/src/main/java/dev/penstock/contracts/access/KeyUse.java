package dev.penstock.contracts.access;

import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was asked with one key on one day.
 *
 * @param key id of the key; null for what a tenant asked without one
 * @param day in UTC, by the clock of the gateway that counted, when the answer had ended
 * @param requests that a model was asked for
 * @param gpuMs milliseconds a model server worked on them, prompt and answer
 * @param refused for want of what the limits leave
 */
public record KeyUse(
    @Nullable String key,
    LocalDate day,
    long requests,
    long inputTokens,
    long outputTokens,
    long gpuMs,
    long refused) {

  /** The sum of two uses of the same key and day. */
  public KeyUse plus(KeyUse other) {
    return new KeyUse(
        key,
        day,
        requests + other.requests,
        inputTokens + other.inputTokens,
        outputTokens + other.outputTokens,
        gpuMs + other.gpuMs,
        refused + other.refused);
  }

  /** One tenant's use. */
  public record OfTenant(String tenant, KeyUse use) {}

  /**
   * Body of {@code POST /key-use}: what one gateway has counted since its last batch. It is sent
   * unchanged until it is acknowledged, and counts once.
   *
   * @param instance that counted
   * @param number of the batch, rising by one from 1 on
   */
  public record Batch(UUID instance, long number, List<OfTenant> uses) {}

  /** Answer of {@code GET /key-use}: by day, then by key. */
  public record Page(List<KeyUse> data) {}
}
