package dev.penstock.proxy.relay;

import java.time.Duration;

/**
 * How long a running generation may be silent.
 *
 * @param firstToken from the request to the model's first line
 * @param betweenTokens between two lines of the model
 * @param stall a caller that does not read, before the generation is cancelled (turns.md T-37)
 */
public record RelayLimits(Duration firstToken, Duration betweenTokens, Duration stall) {}
