package dev.penstock.proxy.relay;

import java.time.Duration;

/**
 * How long a running generation may be silent.
 *
 * @param firstToken from the request to the model's first line
 * @param betweenTokens between two lines of the model
 * @param startedAfter how long {@code started} is held back, so that what the model server refuses
 *     at once can still be the caller's status
 * @param stall a caller that does not read, before the generation is cancelled (turns.md T-37)
 */
public record RelayLimits(
    Duration firstToken, Duration betweenTokens, Duration startedAfter, Duration stall) {}
