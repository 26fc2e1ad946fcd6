package dev.penstock.contracts.access;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key as it is kept: all but the key itself.
 *
 * @param id the part of the key that may be shown; unique among all tenants
 * @param name what people call it; unique among the tenant's keys that are in force
 * @param user the person it speaks for, who sees only their own sessions; null for an application
 * @param models names it may ask for; null for every model
 * @param hash lower-case hex of HMAC-SHA-256 over the whole key
 * @param expiresAt null for never
 * @param revokedAt null while it is in force
 */
public record StoredKey(
    String id,
    String tenant,
    String name,
    @Nullable String user,
    Set<Scope> scopes,
    @Nullable List<String> models,
    Limits limits,
    String hash,
    @Nullable Instant expiresAt,
    @Nullable Instant revokedAt) {}
