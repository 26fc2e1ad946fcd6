package dev.penstock.session.keys;

import dev.penstock.contracts.access.StoredKey;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A key as an operator sees it.
 *
 * @param lastUsedAt to the minute; null for never
 */
public record KeptKey(StoredKey key, Instant createdAt, @Nullable Instant lastUsedAt) {}
