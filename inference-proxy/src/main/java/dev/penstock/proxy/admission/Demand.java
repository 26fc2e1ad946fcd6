package dev.penstock.proxy.admission;

import dev.penstock.contracts.generation.Priority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a ticket asks for.
 *
 * @param upstreams names of those that serve the model, at least one
 * @param tenant whose share of the queue this counts against
 * @param conversation key for affinity: the same upstream as long as it has a free slot
 * @param deadline when the caller gives up, in the admission's clock
 */
record Demand(
    String model,
    List<String> upstreams,
    Priority priority,
    String tenant,
    @Nullable String conversation,
    long deadline) {}
