package dev.penstock.contracts.generation;

import org.jspecify.annotations.Nullable;

/** Where a generation's time went, in milliseconds; null where it is not known. */
public record Timings(
    @Nullable Long queuedMs,
    @Nullable Long loadMs,
    @Nullable Long prefillMs,
    @Nullable Long firstTokenMs,
    @Nullable Long decodeMs) {}
