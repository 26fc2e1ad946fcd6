package dev.penstock.contracts.access;

import org.jspecify.annotations.Nullable;

/**
 * How much a caller may take, all gateways together; null sets no limit.
 *
 * @param requestsPerMinute requests that ask a model
 * @param tokensPerMinute tokens in and out
 * @param streams answers under way at once
 * @param outputTokens of one answer
 * @param bodyBytes of one request, where that is less than the gateway's own limit
 */
public record Limits(
    @Nullable Integer requestsPerMinute,
    @Nullable Integer tokensPerMinute,
    @Nullable Integer streams,
    @Nullable Integer outputTokens,
    @Nullable Integer bodyBytes) {
  /** No limit at all. */
  public static final Limits NONE = new Limits(null, null, null, null, null);
}
