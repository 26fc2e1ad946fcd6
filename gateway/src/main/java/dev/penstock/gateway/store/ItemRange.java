package dev.penstock.gateway.store;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Which messages of a conversation are wanted as entries; of the two places at most one is given.
 *
 * @param limit 1 to 128
 * @param from begin with this message, or with the answer of this turn
 * @param fromCall begin with the message that asks for this call
 */
public record ItemRange(
    int limit, PageRequest.Order order, @Nullable UUID from, @Nullable String fromCall) {}
